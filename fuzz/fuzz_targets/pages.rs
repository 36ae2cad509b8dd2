//! From the words of a page to the answer: recognition and the readers of all
//! documents, without the cost of a picture. An input is the script alone.

#![no_main]

use libfuzzer_sys::fuzz_target;
use wathiqa_fuzz::reading;
use wathiqa_fuzz::script::Scripted;

fuzz_target!(|script: &[u8]| {
    let choice = script.last().copied().unwrap_or_default();
    reading::read_as_every_kind(&Scripted::new(script).page(), choice);
});
