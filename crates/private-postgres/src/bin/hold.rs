//! Holds a temporary server until it is killed; the tests use it as an owner
//! that dies.

fn main() -> Result<(), private_postgres::Error> {
    let cluster = private_postgres::Cluster::temporary()?;
    println!("{}", cluster.folder().display());
    loop {
        std::thread::park();
    }
}
