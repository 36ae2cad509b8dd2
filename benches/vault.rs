//! What encryption at rest costs: pictures as they are sealed, and the text fields of
//! records as they could be, against the list that would have to open them.
//!
//! `cargo bench --bench vault`; docs/adr/0002-personal-data-at-rest.md tells what it found.

use std::hint::black_box;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use openssl::cipher::Cipher;
use openssl::cipher_ctx::CipherCtx;
use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::rand::rand_bytes;
use openssl::sign::Signer;
use openssl::symm;
use private_postgres::Cluster;
use wathiqa::config::Config;
use wathiqa::documents::cin::Cin;
use wathiqa::documents::{DocumentKind, DocumentRecord, Scope};
use wathiqa::store::{OrganisationId, Store, StoreError};
use wathiqa::vault::Vault;

type CinRecord = <Cin as DocumentKind>::Record;

/// Rows of the list.
const ROWS: usize = 100;
const ROUNDS: usize = 31;
/// How often a short piece of work is done in a round.
const REPEATS: u32 = 20;
/// The size of a photograph.
const PICTURE: usize = 1024 * 1024;
/// The columns of an identity card that say something of a person; the dates as text.
const FIELDS: [&str; 17] = [
    "ZZ123456",
    "SPECIMEN",
    "نموذج",
    "FICTIF",
    "خيالي",
    "1990-01-01",
    "RABAT",
    "الرباط",
    "RUE EXEMPLE 12 HAY RIAD RABAT",
    "زنقة المثال 12 حي الرياض الرباط",
    "F",
    "2031-01-01",
    "AHMED BEN FICTIF",
    "أحمد بن خيالي",
    "FATIMA BENT EXEMPLE",
    "فاطمة بنت مثال",
    "123/1990",
];

type Key = [u8; 32];
/// A piece of work: its name, how often it is done in a round, and what it is.
type Work<'a> = (&'static str, u32, Box<dyn FnMut() -> anyhow::Result<()> + 'a>);
/// The nonce before and the tag after (AES-GCM).
const NONCE: usize = 12;
const TAG: usize = 16;

/// Seals one field by itself, each with a context of its own.
fn seal(key: &Key, plain: &[u8], place: &str) -> anyhow::Result<Vec<u8>> {
    let (mut nonce, mut tag) = ([0; NONCE], [0; TAG]);
    rand_bytes(&mut nonce)?;
    let cipher = symm::Cipher::aes_256_gcm();
    let sealed = symm::encrypt_aead(cipher, key, Some(&nonce), place.as_bytes(), plain, &mut tag)?;
    Ok([&nonce[..], &sealed, &tag].concat())
}

fn open(key: &Key, sealed: &[u8], place: &str) -> anyhow::Result<Vec<u8>> {
    let (nonce, rest) = sealed.split_at(NONCE);
    let (encrypted, tag) = rest.split_at(rest.len() - TAG);
    let cipher = symm::Cipher::aes_256_gcm();
    Ok(symm::decrypt_aead(cipher, key, Some(nonce), place.as_bytes(), encrypted, tag)?)
}

/// Opens with a context that has the key already: the cheapest way for many fields.
fn open_with(context: &mut CipherCtx, sealed: &[u8], place: &str) -> anyhow::Result<Vec<u8>> {
    let (nonce, rest) = sealed.split_at(NONCE);
    let (encrypted, tag) = rest.split_at(rest.len() - TAG);
    context.decrypt_init(None, None, Some(nonce))?;
    context.set_tag(tag)?;
    context.cipher_update(place.as_bytes(), None)?;
    let mut plain = Vec::with_capacity(encrypted.len() + 16);
    context.cipher_update_vec(encrypted, &mut plain)?;
    context.cipher_final_vec(&mut plain)?;
    Ok(plain)
}

fn place(row: usize, field: usize) -> String {
    format!("cin_data/2/{row}/{field}")
}

/// What stands for a number in an index: equal where the number is, and not told.
fn blind_index(key: &Key, number: &str) -> anyhow::Result<Vec<u8>> {
    let key = PKey::hmac(key)?;
    Ok(Signer::new(MessageDigest::sha256(), &key)?.sign_oneshot_to_vec(number.as_bytes())?)
}

/// The list as it is sent.
async fn list(store: &Store) -> Result<Vec<u8>, StoreError> {
    let scope = Scope::of(OrganisationId(2), None);
    let page = store
        .read(move |connection| CinRecord::write_page(connection, scope, None, 2 * ROWS as u16));
    Ok(page.await?.json)
}

fn main() -> anyhow::Result<()> {
    if !std::env::args().any(|argument| argument == "--bench") {
        return Ok(());
    }
    let cluster = Cluster::temporary()?;
    cluster.create_database("bench", None)?;
    let store = filled(&cluster.url("bench"))?;
    let vault = Vault::new(&["a master key that only this bench knows".into()])?;
    let (mut key, mut index_key) = (Key::default(), Key::default());
    rand_bytes(&mut key)?;
    rand_bytes(&mut index_key)?;
    let mut picture = vec![0; PICTURE];
    rand_bytes(&mut picture)?;

    let whole = FIELDS.join("\u{1f}");
    let mut page = Vec::new();
    let mut whole_rows = Vec::new();
    for row in 0..ROWS {
        let fields = FIELDS.iter().enumerate();
        let sealed = fields.map(|(nth, text)| seal(&key, text.as_bytes(), &place(row, nth)));
        page.push(sealed.collect::<anyhow::Result<Vec<_>>>()?);
        whole_rows.push(seal(&key, whole.as_bytes(), &place(row, 0))?);
    }
    let sealed_picture = vault.seal(&picture, "a place")?;
    let mut context = CipherCtx::new()?;
    context.decrypt_init(Some(Cipher::aes_256_gcm()), Some(&key), None)?;

    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut work: Vec<Work<'_>> = vec![
        ("list 100 rows (pool, TLS)", REPEATS, {
            Box::new(|| {
                let json = runtime.block_on(list(&store))?;
                anyhow::ensure!(json.len() > 100 * ROWS, "not all rows");
                Ok(())
            })
        }),
        ("open 100 rows, each field", REPEATS, {
            Box::new(|| {
                for (row, fields) in page.iter().enumerate() {
                    for (nth, sealed) in fields.iter().enumerate() {
                        black_box(open(&key, sealed, &place(row, nth))?);
                    }
                }
                Ok(())
            })
        }),
        ("open 100 rows, each field, one context", REPEATS, {
            Box::new(|| {
                for (row, fields) in page.iter().enumerate() {
                    for (nth, sealed) in fields.iter().enumerate() {
                        black_box(open_with(&mut context, sealed, &place(row, nth))?);
                    }
                }
                Ok(())
            })
        }),
        ("open 100 rows, each as a whole", REPEATS, {
            Box::new(|| {
                for (row, sealed) in whole_rows.iter().enumerate() {
                    black_box(open(&key, sealed, &place(row, 0))?);
                }
                Ok(())
            })
        }),
        ("seal one row, each field, and its index", 50 * REPEATS, {
            Box::new(|| {
                for (nth, text) in FIELDS.iter().enumerate() {
                    black_box(seal(&key, text.as_bytes(), &place(7, nth))?);
                }
                black_box(blind_index(&index_key, FIELDS[0])?);
                Ok(())
            })
        }),
        ("index of one number", 50 * REPEATS, {
            Box::new(|| {
                black_box(blind_index(&index_key, FIELDS[0])?);
                Ok(())
            })
        }),
        ("seal a picture of 1 MiB", REPEATS, {
            Box::new(|| {
                black_box(vault.seal(&picture, "a place")?);
                Ok(())
            })
        }),
        ("open a picture of 1 MiB", REPEATS, {
            Box::new(|| {
                black_box(vault.open(&sealed_picture, "a place")?);
                Ok(())
            })
        }),
    ];
    measure(&mut work)?;
    drop(work);
    let clear: usize = FIELDS.iter().map(|field| field.len()).sum();
    let of_fields: usize = page[0].iter().map(Vec::len).sum();
    println!(
        "\nOctets of a row: {clear} in clear, {of_fields} field by field, {} as a whole.",
        whole_rows[0].len()
    );
    runtime.block_on(store.close(Duration::from_secs(5)));
    Ok(())
}

/// Lets all take turns and prints their medians; the first is what the others are compared with.
fn measure(work: &mut [Work<'_>]) -> anyhow::Result<()> {
    let mut times = vec![Vec::new(); work.len()];
    // The first round warms all up.
    for round in 0..=ROUNDS {
        for ((_, repeats, one), times) in work.iter_mut().zip(&mut times) {
            let begun = Instant::now();
            for _ in 0..*repeats {
                one()?;
            }
            if round > 0 {
                times.push(begun.elapsed() / *repeats);
            }
        }
    }
    println!("| | µs (median of {ROUNDS} rounds) | of a list |\n|---|---:|---:|");
    let medians: Vec<f64> = times.iter_mut().map(|times| median(times)).collect();
    for ((name, ..), median) in work.iter().zip(&medians) {
        println!("| {name} | {median:.1} | {:.3} |", median / medians[0]);
    }
    Ok(())
}

/// A database with a hundred identity cards of people who do not exist.
fn filled(url: &str) -> anyhow::Result<Store> {
    let config = Config::from_lookup(&|name| match name {
        "DATABASE_URL" => Some(url.to_owned()),
        "JWT_SECRET" => Some("a-secret-that-only-this-bench-knows-01".to_owned()),
        "DB_POOL_MAX" | "DB_POOL_MIN" => Some("1".to_owned()),
        _ => None,
    })?
    .database;
    wathiqa::store::migrate(&config)?;
    PgConnection::establish(url)?.batch_execute(&format!(
        "INSERT INTO organisations (id, name) VALUES (2, 'a');
         INSERT INTO cin_data (cin, nom_fr, nom_ar, prenom_fr, prenom_ar, date_naissance,
            lieu_fr, lieu_ar, adresse_fr, adresse_ar, sexe, validite, pere_fr, pere_ar, mere_fr,
            mere_ar, numero_etat_civil, organisation_id)
         SELECT 'ZZ' || (100000 + n), '{}', '{}', '{}', '{}', date '1990-01-01' + n,
            '{}', '{}', '{}', '{}', 'F', date '2031-01-01' + n, '{}', '{}', '{}', '{}', '{}', 2
         FROM generate_series(1, {ROWS}) AS n",
        FIELDS[1],
        FIELDS[2],
        FIELDS[3],
        FIELDS[4],
        FIELDS[6],
        FIELDS[7],
        FIELDS[8],
        FIELDS[9],
        FIELDS[12],
        FIELDS[13],
        FIELDS[14],
        FIELDS[15],
        FIELDS[16],
    ))?;
    Ok(Store::open(&config))
}

/// The median in microseconds.
fn median(times: &mut [Duration]) -> f64 {
    times.sort();
    times[times.len() / 2].as_secs_f64() * 1e6
}
