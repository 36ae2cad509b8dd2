//! Draws many specimens of every layout and says which fail: `survey FIRST_SEED COUNT`.

use std::error::Error;

use specimen::{Kind, Level, draw_with, layouts};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<u64> =
        std::env::args().skip(1).map(|argument| argument.parse()).collect::<Result<_, _>>()?;
    let [first, count] = arguments[..] else { return Err("usage: survey FIRST_SEED COUNT".into()) };
    for kind in Kind::ALL {
        for layout in layouts(kind) {
            let begun = std::time::Instant::now();
            let mut failures = Vec::new();
            for seed in first..first + count {
                if let Err(error) = draw_with(kind, Level::Clean, seed, Some(layout)) {
                    failures.push(format!("{seed}: {error}"));
                }
            }
            let each = begun.elapsed().as_millis() / u128::from(count);
            println!("{kind} {layout}: {} of {count} failed, {each} ms each", failures.len());
            for failure in failures.iter().take(6) {
                println!("    {failure}");
            }
        }
    }
    Ok(())
}
