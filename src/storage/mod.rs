//! What is kept on the phone: operations, what has not been sent, and a little about this device. Everything is sealed.
//!
//! A write is one strict transaction: when [`Store::write`] answers, the words are on disk. This module knows neither
//! what an operation means nor that there is a network.

#[cfg(any(test, target_arch = "wasm32"))]
pub mod contract;
pub mod films;
pub mod indexed_db;
pub mod journal;
pub mod local;
pub mod memory;
mod request;
pub mod seal;

pub use indexed_db::IndexedDb;
pub use memory::Memory;
pub use session::{Batch, Loaded, StoreError};

/// A place to keep things. One contract suite ([`contract`]) holds for each.
#[expect(async_fn_in_trait, reason = "there is one thread in a browser tab, so no future has to be Send")]
pub trait Store {
    /// Reads everything.
    ///
    /// # Errors
    /// When the place cannot be had.
    async fn load(&self) -> Result<Loaded, StoreError> {
        self.load_news(&|_| false).await
    }

    /// Reads everything but the operations that are known by their identities.
    ///
    /// # Errors
    /// When the place cannot be had.
    async fn load_news(&self, knows: &dyn Fn(&str) -> bool) -> Result<Loaded, StoreError>;

    /// Writes a batch. When this answers `Ok` the batch is on disk; on an error none of it is.
    ///
    /// # Errors
    /// When the place cannot be had or is full.
    async fn write(&self, batch: &Batch) -> Result<(), StoreError>;
}
