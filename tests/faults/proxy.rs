//! Connections that are reset in the middle of an answer.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use rustix::net::sockopt::set_socket_linger;

use crate::load::Load;
use crate::place::Place;
use crate::service::Service;
use crate::{Options, Outcome, story};

pub(crate) fn make(options: &Options) -> anyhow::Result<Outcome> {
    let lasting = Duration::from_secs(if options.full { 30 } else { 4 });
    story(async {
        let place = Place::new()?;
        let proxy = Proxy::start(place.port()?)?;
        let url =
            place.url().replace(&format!(":{}/", place.port()?), &format!(":{}/", proxy.port));
        let service = Service::start(&url, &[("DB_POOL_MAX", "8")]).await?;
        let user = service.user().await?;
        place.execute(
            "INSERT INTO cin_data (cin, adresse_fr, organisation_id)
             SELECT 'ZZ' || n, repeat('RUE EXEMPLE ', 20), organisation_id
             FROM users, generate_series(1, 200) AS n",
        )?;
        let mut load = Load::start(&user, 4, false)?;
        let begun = std::time::Instant::now();
        while begun.elapsed() < lasting {
            proxy.cut_next_answer();
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        load.stop().await;
        let reads = load.reads.borrow();
        let mut faults = Vec::new();
        if reads.failures() + reads.refused > 0 {
            faults.push(format!("{} reads refused, failed: {:?}", reads.refused, reads.failed));
        }
        let cut = proxy.cut.load(Ordering::Relaxed);
        if cut == 0 {
            faults.push("no answer was cut".to_owned());
        }
        Ok(Outcome { seen: format!("{cut} resets; {} reads, 0 failed", reads.done), faults })
    })
}

/// Passes bytes on, and cuts an answer when it is told to.
struct Proxy {
    port: u16,
    armed: Arc<AtomicBool>,
    cut: Arc<AtomicUsize>,
}

/// An answer is cut after so many bytes of one piece that comes from the server: a list
/// of rows is longer, the answer to a ping is not.
const CUT_AFTER: usize = 2000;

impl Proxy {
    fn start(target: u16) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let port = listener.local_addr()?.port();
        let (armed, cut) = (Arc::<AtomicBool>::default(), Arc::<AtomicUsize>::default());
        let of_thread = (Arc::clone(&armed), Arc::clone(&cut));
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let Ok(server) = TcpStream::connect(("127.0.0.1", target)) else { continue };
                let (armed, cut) = of_thread.clone();
                let pair = (client.try_clone(), server.try_clone());
                let (Ok(client_copy), Ok(server_copy)) = pair else { continue };
                std::thread::spawn(move || pass_on(client, server));
                std::thread::spawn(move || answer(server_copy, client_copy, &armed, &cut));
            }
        });
        Ok(Self { port, armed, cut })
    }

    fn cut_next_answer(&self) {
        self.armed.store(true, Ordering::Relaxed);
    }
}

fn pass_on(mut from: TcpStream, mut to: TcpStream) {
    let _ = std::io::copy(&mut from, &mut to);
    let _ = to.shutdown(Shutdown::Both);
}

/// Passes answers on until one is to be cut: then the client sees a reset.
fn answer(mut server: TcpStream, mut client: TcpStream, armed: &AtomicBool, cut: &AtomicUsize) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(read @ 1..) = server.read(&mut buffer) {
        let is_cut = read > CUT_AFTER && armed.swap(false, Ordering::Relaxed);
        let passed = if is_cut { CUT_AFTER } else { read };
        if client.write_all(&buffer[..passed]).is_err() {
            break;
        }
        if is_cut {
            cut.fetch_add(1, Ordering::Relaxed);
            // Closed with a linger of zero, a socket is reset.
            let _ = set_socket_linger(&client, Some(Duration::ZERO));
            let _ = server.shutdown(Shutdown::Both);
            // Ends the other thread, which holds the socket too.
            let _ = client.shutdown(Shutdown::Read);
            return;
        }
    }
    let _ = client.shutdown(Shutdown::Both);
}
