//! The keys that a provider publishes (RFC 7517). What a key may verify is told by its
//! own type, never by the token that names it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey};
use openssl::bn::BigNum;
use openssl::ec::{EcGroup, EcKey};
use openssl::nid::Nid;
use openssl::pkey::{PKey, Public};
use openssl::rsa::Rsa;
use serde::Deserialize;
use serde_json::Value;

use crate::auth::signature;

/// A key that can verify ID tokens.
#[derive(Clone)]
pub(super) struct Key {
    kid: Option<String>,
    pub(super) algorithm: Algorithm,
    pub(super) decoding: DecodingKey,
}

/// The usable keys of a provider.
#[derive(Clone)]
pub(super) struct KeySet(Vec<Key>);

#[derive(Deserialize)]
struct Jwks {
    keys: Vec<Value>,
}

#[derive(Deserialize)]
struct Jwk {
    kty: String,
    kid: Option<String>,
    #[serde(rename = "use")]
    intended: Option<String>,
    key_ops: Option<Vec<String>>,
    alg: Option<String>,
    n: Option<String>,
    e: Option<String>,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

impl KeySet {
    /// Reads a key set. Keys of another type or use are left out, as section 5 says.
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        let jwks: Jwks = serde_json::from_slice(body).ok()?;
        Some(Self(jwks.keys.into_iter().filter_map(Key::read).collect()))
    }

    /// The key that a token names. One that names none means the only one there is.
    pub(super) fn find(&self, kid: Option<&str>, algorithm: Algorithm) -> Option<&Key> {
        match (kid, self.0.as_slice()) {
            (Some(kid), keys) => {
                let mut named = keys.iter().filter(|key| key.kid.as_deref() == Some(kid));
                // Types may share a name; the token's algorithm chooses among them alone.
                named.find(|key| key.algorithm == algorithm)
            }
            (None, [only]) => Some(only).filter(|key| key.algorithm == algorithm),
            (None, _) => None,
        }
    }
}

impl Key {
    fn read(jwk: Value) -> Option<Self> {
        let jwk: Jwk = serde_json::from_value(jwk).ok()?;
        let is_for_signatures = jwk.intended.as_deref().is_none_or(|intended| intended == "sig")
            && jwk.key_ops.as_ref().is_none_or(|uses| uses.iter().any(|one| one == "verify"));
        let (algorithm, name, key) = match jwk.kty.as_str() {
            "RSA" => (Algorithm::RS256, "RS256", rsa(&jwk)?),
            "EC" => (Algorithm::ES256, "ES256", ec(&jwk)?),
            _ => return None,
        };
        let is_named_so = jwk.alg.as_deref().is_none_or(|alg| alg == name);
        if !is_for_signatures || !is_named_so || !signature::suits(&key, algorithm) {
            return None;
        }
        let der = key.public_key_to_der().ok()?;
        let decoding = match algorithm {
            Algorithm::RS256 => DecodingKey::from_rsa_der(&der),
            _ => DecodingKey::from_ec_der(&der),
        };
        Some(Self { kid: jwk.kid, algorithm, decoding })
    }
}

fn rsa(jwk: &Jwk) -> Option<PKey<Public>> {
    let rsa = Rsa::from_public_components(number(jwk.n.as_ref())?, number(jwk.e.as_ref())?);
    PKey::from_rsa(rsa.ok()?).ok()
}

fn ec(jwk: &Jwk) -> Option<PKey<Public>> {
    if jwk.crv.as_deref() != Some("P-256") {
        return None;
    }
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).ok()?;
    let (x, y) = (number(jwk.x.as_ref())?, number(jwk.y.as_ref())?);
    // Refuses a point that is not on the curve.
    let key = EcKey::from_public_key_affine_coordinates(&group, &x, &y).ok()?;
    PKey::from_ec_key(key).ok()
}

fn number(text: Option<&String>) -> Option<BigNum> {
    BigNum::from_slice(&URL_SAFE_NO_PAD.decode(text?).ok()?).ok()
}
