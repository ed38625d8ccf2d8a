//! A store in memory, for the tests of everything that needs one.

use super::{Batch, Loaded, Store, StoreError};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Clones share what they hold, like two tabs of one browser.
#[derive(Clone, Default)]
pub struct Memory(Rc<RefCell<Inner>>);

#[derive(Default)]
struct Inner {
    ops: BTreeMap<String, String>,
    outbox: BTreeSet<String>,
    meta: BTreeMap<String, String>,
}

impl Store for Memory {
    async fn load_news(&self, knows: &dyn Fn(&str) -> bool) -> Result<Loaded, StoreError> {
        let inner = self.0.borrow();
        Ok(Loaded {
            ops: inner.ops.iter().filter(|(id, _)| !knows(id)).map(|(_, raw)| raw.clone()).collect(),
            outbox: inner.outbox.iter().cloned().collect(),
            meta: inner.meta.clone().into_iter().collect(),
            unreadable: 0,
        })
    }

    async fn write(&self, batch: &Batch) -> Result<(), StoreError> {
        let mut inner = self.0.borrow_mut();
        inner.ops.extend(batch.ops.iter().cloned());
        inner.outbox.extend(batch.outbox_add.iter().cloned());
        for id in &batch.outbox_remove {
            inner.outbox.remove(id);
        }
        for (name, value) in &batch.meta {
            match value {
                Some(value) => inner.meta.insert(name.clone(), value.clone()),
                None => inner.meta.remove(name),
            };
        }
        Ok(())
    }
}
