//! What only the browser can do: its compression, and the files beside the page.

use gloo::utils::window;
use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ReadableStream, ReadableStreamDefaultReader, ReadableWritablePair, Response};

#[wasm_bindgen]
extern "C" {
    type CompressionStream;
    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<CompressionStream, JsValue>;

    type DecompressionStream;
    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<DecompressionStream, JsValue>;
}

/// RFC 1951, without any header.
const FORMAT: &str = "deflate-raw";

/// Compresses; `None` in a browser that cannot.
pub async fn deflate(bytes: &[u8]) -> Option<Vec<u8>> {
    let stream = CompressionStream::new(FORMAT).ok()?;
    read(&through(bytes, stream.unchecked_into())?, usize::MAX).await.ok()
}

/// Why nothing could be decompressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inflate {
    /// It is no compressed text, or the browser cannot.
    Broken,
    /// It stands for more bytes than asked for.
    TooLarge,
}

/// Decompresses at most `most` bytes.
pub async fn inflate(bytes: &[u8], most: usize) -> Result<Vec<u8>, Inflate> {
    let stream = DecompressionStream::new(FORMAT).map_err(|_| Inflate::Broken)?;
    read(&through(bytes, stream.unchecked_into()).ok_or(Inflate::Broken)?, most).await
}

fn through(bytes: &[u8], transform: ReadableWritablePair) -> Option<ReadableStream> {
    let array = js_sys::Array::of1(&Uint8Array::from(bytes));
    Some(Blob::new_with_u8_array_sequence(&array).ok()?.stream().pipe_through(&transform))
}

/// Reads a stream piece by piece, so that a small text that stands for a huge one is given up early.
async fn read(stream: &ReadableStream, most: usize) -> Result<Vec<u8>, Inflate> {
    let broken = |_| Inflate::Broken;
    let reader = ReadableStreamDefaultReader::new(stream).map_err(broken)?;
    let mut out = Vec::new();
    loop {
        let piece = JsFuture::from(reader.read()).await.map_err(broken)?;
        if Reflect::get(&piece, &"done".into()).map_err(broken)?.is_truthy() {
            return Ok(out);
        }
        let bytes = Reflect::get(&piece, &"value".into()).map_err(broken)?.dyn_into::<Uint8Array>().map_err(broken)?;
        out.extend(bytes.to_vec());
        if out.len() > most {
            drop(reader.cancel());
            return Err(Inflate::TooLarge);
        }
    }
}

/// The text of one of the page's own files; `None` if it is not there.
pub async fn fetch(address: &str) -> Option<String> {
    let response = JsFuture::from(window().fetch_with_str(address)).await.ok()?.dyn_into::<Response>().ok()?;
    if !response.ok() {
        return None;
    }
    JsFuture::from(response.text().ok()?).await.ok()?.as_string()
}
