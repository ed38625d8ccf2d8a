//! What comes in chunks of its own, after the first page.

/// Makes an async function whose body, with all that is used nowhere else, is a chunk of the function's name. It fails when the
/// chunk cannot be had, and can be called again. Without the feature `split` the body is in the program already.
macro_rules! lazy {
    ($(#[$doc:meta])* $vis:vis fn $name:ident() -> $brings:ty { $body:expr }) => {
        #[cfg(feature = "split")]
        $(#[$doc])*
        #[leptos::wasm_split::wasm_split($name, wasm_split_path = ::leptos::wasm_split, fallible)]
        $vis fn $name() -> Result<$brings, leptos::wasm_split::SplitLoaderError> {
            Ok($body)
        }

        #[cfg(not(feature = "split"))]
        $(#[$doc])*
        $vis async fn $name() -> Result<$brings, leptos::wasm_split::SplitLoaderError> {
            Ok($body)
        }
    };
}

pub(crate) use lazy;
pub(crate) use leptos::wasm_split::SplitLoaderError as Missing;
