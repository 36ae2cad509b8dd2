//! The vehicle's usage: the contract's five, however printed.

use crate::documents::gris::Usage;
use crate::documents::normalize::{fold_arabic, fold_latin};

const LATIN: [(&str, Usage); 12] = [
    ("particulier", Usage::Private),
    ("vehiculeparticulier", Usage::Private),
    ("usageparticulier", Usage::Private),
    ("voitureparticuliere", Usage::Private),
    ("transportdemarchandises", Usage::Goods),
    ("transportmarchandises", Usage::Goods),
    ("transportdemarchandise", Usage::Goods),
    ("transportencommun", Usage::PublicTransport),
    ("transportpublic", Usage::PublicTransport),
    ("transportpublicdevoyageurs", Usage::PublicTransport),
    ("locationavecchauffeur", Usage::HireWithDriver),
    ("locationsanschauffeur", Usage::HireWithoutDriver),
];

const ARABIC: [(&str, Usage); 10] = [
    ("خصوصي", Usage::Private),
    ("خاص", Usage::Private),
    ("نقل البضائع", Usage::Goods),
    ("النقل العمومي", Usage::PublicTransport),
    ("النقل المشترك", Usage::PublicTransport),
    ("النقل الجماعي", Usage::PublicTransport),
    ("كراء بسائق", Usage::HireWithDriver),
    ("كراء مع سائق", Usage::HireWithDriver),
    ("كراء بدون سائق", Usage::HireWithoutDriver),
    ("كراء السيارات بدون سائق", Usage::HireWithoutDriver),
];

/// The usage that a French or Arabic text names, a few letters perhaps misread.
pub(super) fn parse_usage(text: &str) -> Option<Usage> {
    let latin = fold_latin(text);
    let arabic = fold_arabic(text);
    let french = LATIN.iter().map(|(form, usage)| (*form, latin.clone(), *usage));
    let near = |form: &str, read: &str| {
        let length = form.chars().count();
        strsim::levenshtein(form, read) * 6 <= length
    };
    french
        .filter(|(form, read, _)| near(form, read))
        .map(|(form, read, usage)| (strsim::levenshtein(form, &read), usage))
        .chain(ARABIC.iter().filter_map(|(form, usage)| {
            let form = fold_arabic(form);
            near(&form, &arabic).then(|| (strsim::levenshtein(&form, &arabic), *usage))
        }))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, usage)| usage)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_case_and_small_misreadings_name_the_usage() {
        assert_eq!(parse_usage("PARTICULIER"), Some(Usage::Private));
        assert_eq!(parse_usage("Véhicule particulier"), Some(Usage::Private));
        assert_eq!(parse_usage("Transport de marchandlses"), Some(Usage::Goods));
        assert_eq!(parse_usage("LOCATION SANS CHAUFFEUR"), Some(Usage::HireWithoutDriver));
        assert_eq!(parse_usage("Location avec chauffeur"), Some(Usage::HireWithDriver));
        assert_eq!(parse_usage("كراء بدون سائق"), Some(Usage::HireWithoutDriver));
        assert_eq!(parse_usage("خصوصي"), Some(Usage::Private));
    }

    #[test]
    fn what_is_none_of_the_five_is_none() {
        assert_eq!(parse_usage("TAXI"), None);
        assert_eq!(parse_usage("--"), None);
        assert_eq!(parse_usage(""), None);
    }
}
