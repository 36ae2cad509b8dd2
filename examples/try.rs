#![allow(warnings)]
use std::time::*;
use wathiqa::config::OcrConfig;
use wathiqa::ocr::*;
fn main() {
    let c = OcrConfig {
        program: "target/debug/wathiqa".into(),
        workers: 2,
        queue: 4,
        deadline: Duration::from_secs(20),
        tessdata: "/usr/share/tesseract-ocr/5/tessdata".into(),
    };
    let t = Instant::now();
    let p = OcrPool::start(&c).unwrap();
    println!("start {:?} {} {:?}", t.elapsed(), p.version(), p.languages());
    let img = image::GrayImage::from_pixel(400, 60, image::Luma([230]));
    let t = Instant::now();
    let r = p.with_engine(&mut |e| {
        println!(
            "{:?}",
            e.read(&[Snippet { image: img.clone(), model: Model::French, layout: Layout::Line }])
        );
        Err(OcrError::Crashed)
    });
    println!("{:?}", t.elapsed());
    std::process::Command::new("sh").arg("-c").arg("for p in $(pgrep -f ocr-worker); do tr '\\0' ' ' </proc/$p/environ; cat /proc/$p/limits | grep -E 'cpu|core|address'; grep -E 'VmRSS|NoNew' /proc/$p/status; done").status();
}
