//! Signatures of JSON Web Signature (RFC 7518) for jsonwebtoken: HS256, and by OpenSSL
//! RS256 and EdDSA with Ed25519, and ES256 to verify only.
//!
//! jsonwebtoken hands keys through as they are: secrets as bytes, the others as DER
//! (PKCS #8, SubjectPublicKeyInfo). Whatever is not of the kind that the algorithm
//! asks for is refused here, so that no key is ever used with another algorithm.

use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{ErrorKind, Result};
use jsonwebtoken::signature::{Error, Signer, Verifier};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, EncodingKey};
use openssl::bn::BigNum;
use openssl::ecdsa::EcdsaSig;
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{HasPublic, Id, PKey, Private, Public};
use openssl::sign;

use crate::digest::{hmac, is_hmac};

type Outcome<T> = std::result::Result<T, Error>;

/// Bytes of each half of an ES256 signature.
const ES256_HALF: usize = 32;
/// RFC 7518 section 3.3.
const RSA_BITS: u32 = 2048;

static PROVIDER: CryptoProvider =
    CryptoProvider { signer_factory, verifier_factory, key_utils: KeyUtils::new_unimplemented() };

/// Makes this the process's provider; called again, does nothing.
pub(super) fn install() {
    let _already = PROVIDER.install_default();
}

/// Whether a key is of the kind, and of the size, that an algorithm asks for.
pub(super) fn suits<T: HasPublic>(key: &PKey<T>, algorithm: Algorithm) -> bool {
    match algorithm {
        Algorithm::RS256 => key.id() == Id::RSA && key.bits() >= RSA_BITS,
        Algorithm::EdDSA => key.id() == Id::ED25519,
        Algorithm::ES256 => {
            let curve = key.ec_key().ok().and_then(|key| key.group().curve_name());
            curve == Some(Nid::X9_62_PRIME256V1)
        }
        _ => false,
    }
}

struct Hs256(Vec<u8>);

impl Signer<Vec<u8>> for Hs256 {
    fn try_sign(&self, message: &[u8]) -> Outcome<Vec<u8>> {
        Ok(hmac(&self.0, message).to_vec())
    }
}

impl Verifier<Vec<u8>> for Hs256 {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Outcome<()> {
        if is_hmac(signature, &self.0, message) { Ok(()) } else { Err(Error::new()) }
    }
}

impl JwtSigner for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

impl JwtVerifier for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

/// One half of a key pair, known to suit the algorithm.
struct Half<T> {
    algorithm: Algorithm,
    key: PKey<T>,
}

impl<T: HasPublic> Half<T> {
    fn new(algorithm: Algorithm, key: std::result::Result<PKey<T>, ErrorStack>) -> Result<Self> {
        let key = key.ok().filter(|key| suits(key, algorithm));
        Ok(Self { algorithm, key: key.ok_or(ErrorKind::InvalidKeyFormat)? })
    }
}

impl Half<Private> {
    fn sign(&self, message: &[u8]) -> std::result::Result<Vec<u8>, ErrorStack> {
        let mut signer = match self.algorithm {
            // Ed25519 hashes by itself.
            Algorithm::EdDSA => sign::Signer::new_without_digest(&self.key)?,
            _ => sign::Signer::new(MessageDigest::sha256(), &self.key)?,
        };
        signer.sign_oneshot_to_vec(message)
    }
}

impl Half<Public> {
    fn verify(&self, message: &[u8], signature: &[u8]) -> std::result::Result<bool, ErrorStack> {
        let mut verifier = match self.algorithm {
            Algorithm::EdDSA => sign::Verifier::new_without_digest(&self.key)?,
            _ => sign::Verifier::new(MessageDigest::sha256(), &self.key)?,
        };
        if self.algorithm != Algorithm::ES256 {
            return verifier.verify_oneshot(signature, message);
        }
        // RFC 7518 section 3.4: the two numbers side by side; OpenSSL wants them in DER.
        let Some((r, s)) = signature.split_at_checked(ES256_HALF) else { return Ok(false) };
        if s.len() != ES256_HALF {
            return Ok(false);
        }
        let (r, s) = (BigNum::from_slice(r)?, BigNum::from_slice(s)?);
        let signature = EcdsaSig::from_private_components(r, s)?.to_der()?;
        verifier.verify_oneshot(&signature, message)
    }
}

impl Signer<Vec<u8>> for Half<Private> {
    fn try_sign(&self, message: &[u8]) -> Outcome<Vec<u8>> {
        self.sign(message).map_err(Error::from_source)
    }
}

impl Verifier<Vec<u8>> for Half<Public> {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Outcome<()> {
        match self.verify(message, signature) {
            Ok(true) => Ok(()),
            Ok(false) => Err(Error::new()),
            Err(error) => Err(Error::from_source(error)),
        }
    }
}

impl JwtSigner for Half<Private> {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

impl JwtVerifier for Half<Public> {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape that the provider asks for")]
fn signer_factory(algorithm: &Algorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>> {
    let der = key.as_bytes();
    match (algorithm, key.family()) {
        (Algorithm::HS256, AlgorithmFamily::Hmac) => Ok(Box::new(Hs256(der.to_vec()))),
        (Algorithm::RS256, AlgorithmFamily::Rsa) | (Algorithm::EdDSA, AlgorithmFamily::Ed) => {
            Ok(Box::new(Half::new(*algorithm, PKey::private_key_from_der(der))?))
        }
        _ => Err(ErrorKind::InvalidAlgorithm.into()),
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape that the provider asks for")]
fn verifier_factory(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>> {
    let der = key.try_get_as_bytes()?;
    match (algorithm, key.family()) {
        (Algorithm::HS256, AlgorithmFamily::Hmac) => Ok(Box::new(Hs256(der.to_vec()))),
        (Algorithm::RS256, AlgorithmFamily::Rsa)
        | (Algorithm::EdDSA, AlgorithmFamily::Ed)
        | (Algorithm::ES256, AlgorithmFamily::Ec) => {
            Ok(Box::new(Half::new(*algorithm, PKey::public_key_from_der(der))?))
        }
        _ => Err(ErrorKind::InvalidAlgorithm.into()),
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use jsonwebtoken::crypto;
    use openssl::ec::{EcGroup, EcKey};
    use openssl::rsa::Rsa;

    use super::*;

    fn rsa(bits: u32) -> PKey<Private> {
        PKey::from_rsa(Rsa::generate(bits).unwrap()).unwrap()
    }

    fn halves(algorithm: Algorithm, pair: &PKey<Private>) -> (EncodingKey, DecodingKey) {
        let private = pair.private_key_to_pkcs8().unwrap();
        let public = pair.public_key_to_der().unwrap();
        match algorithm {
            Algorithm::RS256 => {
                (EncodingKey::from_rsa_der(&private), DecodingKey::from_rsa_der(&public))
            }
            Algorithm::ES256 => {
                (EncodingKey::from_ec_der(&private), DecodingKey::from_ec_der(&public))
            }
            _ => (EncodingKey::from_ed_der(&private), DecodingKey::from_ed_der(&public)),
        }
    }

    fn verify(signature: &str, message: &[u8], key: &DecodingKey, algorithm: Algorithm) -> bool {
        crypto::verify(signature, message, key, algorithm).unwrap_or(false)
    }

    #[test]
    fn what_a_pair_signs_it_verifies_and_nothing_else() {
        install();
        let pairs = [
            (Algorithm::RS256, rsa(2048), rsa(2048)),
            (
                Algorithm::EdDSA,
                PKey::generate_ed25519().unwrap(),
                PKey::generate_ed25519().unwrap(),
            ),
        ];
        for (algorithm, ours, other) in pairs {
            let (encoding, decoding) = halves(algorithm, &ours);
            let (_, another) = halves(algorithm, &other);

            let signature = crypto::sign(b"message", &encoding, algorithm).unwrap();

            assert!(verify(&signature, b"message", &decoding, algorithm));
            assert!(!verify(&signature, b"massage", &decoding, algorithm));
            assert!(!verify(&signature, b"message", &another, algorithm));
            assert!(!verify("", b"message", &decoding, algorithm));
            assert!(!verify(&signature[..40], b"message", &decoding, algorithm));
        }
    }

    #[test]
    fn the_example_of_rfc_8037_verifies() {
        install();
        let raw = URL_SAFE_NO_PAD.decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo").unwrap();
        let key = PKey::public_key_from_raw_bytes(&raw, Id::ED25519).unwrap();
        let key = DecodingKey::from_ed_der(&key.public_key_to_der().unwrap());
        let message = b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
        let signature = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";

        assert!(verify(signature, message, &key, Algorithm::EdDSA));
    }

    #[test]
    fn the_example_of_rfc_7515_for_es256_verifies() {
        install();
        let half = |text| BigNum::from_slice(&URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap();
        let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
        let key = EcKey::from_public_key_affine_coordinates(
            &group,
            &half("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"),
            &half("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"),
        );
        let der = PKey::from_ec_key(key.unwrap()).unwrap().public_key_to_der().unwrap();
        let key = DecodingKey::from_ec_der(&der);
        let message = b"eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
        let signature = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

        assert!(verify(signature, message, &key, Algorithm::ES256));
        assert!(!verify(&"A".repeat(86), message, &key, Algorithm::ES256));
        assert!(!verify(&signature[..84], message, &key, Algorithm::ES256));
    }

    #[test]
    fn a_key_of_another_kind_or_a_short_one_is_refused() {
        install();
        let (ed, _) = halves(Algorithm::EdDSA, &PKey::generate_ed25519().unwrap());
        let (short, short_public) = halves(Algorithm::RS256, &rsa(1024));
        let sign = |key, algorithm| crypto::sign(b"message", key, algorithm).is_err();

        assert!(sign(&short, Algorithm::RS256));
        assert!(crypto::verify("AA", b"message", &short_public, Algorithm::RS256).is_err());
        assert!(sign(&ed, Algorithm::RS256));
        assert!(sign(&ed, Algorithm::HS256));
        let renamed = EncodingKey::from_rsa_der(ed.as_bytes());
        assert!(sign(&renamed, Algorithm::RS256));
        let secret = DecodingKey::from_secret(short_public.try_get_as_bytes().unwrap());
        assert!(crypto::verify("AA", b"message", &secret, Algorithm::RS256).is_err());
        assert!(sign(&EncodingKey::from_secret(b"secret"), Algorithm::HS512));
    }
}
