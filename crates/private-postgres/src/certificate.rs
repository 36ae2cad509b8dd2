//! The authority and the server's certificate. The authority's key is thrown
//! away once it has signed, so nobody can sign another certificate with it.

use std::fs;
use std::path::Path;

use openssl::asn1::Asn1Time;
use openssl::bn::{BigNum, MsbOption};
use openssl::ec::{EcGroup, EcKey};
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::x509::extension::{
    AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectAlternativeName,
    SubjectKeyIdentifier,
};
use openssl::x509::{X509, X509Builder, X509Name, X509NameRef};

use crate::Error;
use crate::host::Account;
use crate::place::Place;

const VALID_DAYS: u32 = 365;
/// A certificate with fewer days left is replaced at the next start.
const RENEWED_DAYS_BEFORE: u32 = 30;

/// Makes `ca.crt`, `server.crt` and `server.key` unless they are there and valid
/// for a while.
pub(crate) fn ensure(place: &Place, account: Option<&Account>) -> Result<(), Error> {
    let files = ["ca.crt", "server.crt", "server.key"].map(|name| place.file(name));
    if files.iter().all(|path| path.is_file()) && files[..2].iter().all(|path| is_fresh(path)) {
        return Ok(());
    }
    let (authority, authority_key) = authority()?;
    let (server, server_key) = server(&authority, &authority_key)?;
    place.write_public("ca.crt", authority.to_pem()?)?;
    place.write_public("server.crt", server.to_pem()?)?;
    place.write_secret("server.key", &server_key.private_key_to_pem_pkcs8()?, account)
}

fn is_fresh(path: &Path) -> bool {
    let certificate = fs::read(path).ok().and_then(|pem| X509::from_pem(&pem).ok());
    let limit = Asn1Time::days_from_now(RENEWED_DAYS_BEFORE).ok();
    certificate.zip(limit).is_some_and(|(certificate, limit)| certificate.not_after() > limit)
}

fn authority() -> Result<(X509, PKey<Private>), ErrorStack> {
    let key = new_key()?;
    let subject = name("private-postgres authority")?;
    let mut builder = builder(&subject, &subject, &key)?;
    builder.append_extension(BasicConstraints::new().critical().ca().pathlen(0).build()?)?;
    builder.append_extension(KeyUsage::new().critical().key_cert_sign().crl_sign().build()?)?;
    let identifier = SubjectKeyIdentifier::new().build(&builder.x509v3_context(None, None))?;
    builder.append_extension(identifier)?;
    builder.sign(&key, MessageDigest::sha256())?;
    Ok((builder.build(), key))
}

fn server(
    authority: &X509,
    authority_key: &PKey<Private>,
) -> Result<(X509, PKey<Private>), ErrorStack> {
    let key = new_key()?;
    let subject = name("localhost")?;
    let mut builder = builder(&subject, authority.subject_name(), &key)?;
    builder.append_extension(BasicConstraints::new().critical().build()?)?;
    builder.append_extension(KeyUsage::new().critical().digital_signature().build()?)?;
    builder.append_extension(ExtendedKeyUsage::new().server_auth().build()?)?;
    let context = builder.x509v3_context(Some(authority), None);
    let names = SubjectAlternativeName::new().dns("localhost").ip("127.0.0.1").build(&context)?;
    let issuer = AuthorityKeyIdentifier::new().keyid(true).build(&context)?;
    builder.append_extension(names)?;
    builder.append_extension(issuer)?;
    builder.sign(authority_key, MessageDigest::sha256())?;
    Ok((builder.build(), key))
}

fn new_key() -> Result<PKey<Private>, ErrorStack> {
    let curve = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1)?;
    PKey::from_ec_key(EcKey::generate(&curve)?)
}

fn name(common: &str) -> Result<X509Name, ErrorStack> {
    let mut name = X509Name::builder()?;
    name.append_entry_by_nid(Nid::COMMONNAME, common)?;
    Ok(name.build())
}

fn builder(
    subject: &X509NameRef,
    issuer: &X509NameRef,
    key: &PKey<Private>,
) -> Result<X509Builder, ErrorStack> {
    let mut serial = BigNum::new()?;
    serial.rand(127, MsbOption::MAYBE_ZERO, false)?;
    let mut builder = X509::builder()?;
    builder.set_version(2)?;
    builder.set_serial_number(&*serial.to_asn1_integer()?)?;
    builder.set_subject_name(subject)?;
    builder.set_issuer_name(issuer)?;
    builder.set_pubkey(key)?;
    builder.set_not_before(&*Asn1Time::days_from_now(0)?)?;
    builder.set_not_after(&*Asn1Time::days_from_now(VALID_DAYS)?)?;
    Ok(builder)
}
