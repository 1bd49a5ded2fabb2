//! Prints a client of the document that a file holds, as progenitor's library writes it.
//!
//! cargo run -p generate -- hns-3.0.json > src/hns.rs

use progenitor_impl::Generator;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("name a file")?;
    let document = serde_json::from_reader(std::fs::File::open(path)?)?;
    println!("{}", Generator::default().generate_tokens(&document)?);
    Ok(())
}
