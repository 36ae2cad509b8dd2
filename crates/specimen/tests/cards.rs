//! What everybody who draws specimens relies on.

use std::collections::BTreeSet;

use serde_json::Value;
use specimen::{
    DrawError, Kind, Level, Picture, PlacedText, Script, check_digit, draw, draw_with, layouts,
};

/// The leaves of the service's answers, as its HTTP contract lists them.
fn contract(kind: Kind) -> Vec<&'static str> {
    let identity =
        ["identite.nom.fr", "identite.nom.ar", "identite.prenom.fr", "identite.prenom.ar"];
    let birth = ["naissance.date", "naissance.lieu.fr", "naissance.lieu.ar"];
    let address = ["adresse.fr", "adresse.ar"];
    let own: &[&str] = match kind {
        Kind::Cin2008 | Kind::Cin2020 => &[
            "cin",
            "sexe",
            "validite",
            "parents.pere.fr",
            "parents.pere.ar",
            "parents.mere.fr",
            "parents.mere.ar",
            "etat_civil.numero_etat_civil",
        ],
        Kind::Permis => &[
            "permis.numero_permis",
            "permis.date_delivrance",
            "permis.date_expiration",
            "permis.categorie",
        ],
        Kind::Gris => &[
            "numero_matricule_marocain.numero",
            "immatriculation_anterieure.numero",
            "mise_en_circulation.date",
            "mise_en_circulation_au_maroc.date",
            "mutation.date",
            "usage.type",
            "usage.description",
            "marque",
            "Type",
            "Genre",
            "type_carburant",
            "numero_chassis",
            "nombre_cylindres",
            "puissance_fiscale",
            "restriction",
            "valiadtion",
        ],
    };
    let mut paths: Vec<&str> = own.iter().copied().chain(identity).collect();
    if kind != Kind::Gris {
        paths.extend(birth);
    }
    if kind != Kind::Permis {
        paths.extend(address);
    }
    paths
}

fn leaves(prefix: &str, value: &Value, found: &mut Vec<(String, Value)>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let path =
                    if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
                leaves(&path, member, found);
            }
        }
        leaf => found.push((prefix.to_owned(), leaf.clone())),
    }
}

fn zone(verso: &Picture) -> Vec<&str> {
    let lines = verso.texts.iter().filter(|text| text.script == Script::Mrz);
    lines.map(|line| line.text.as_str()).collect()
}

fn overlap(one: &PlacedText, other: &PlacedText) -> bool {
    let (a, b) = (one.bounds(), other.bounds());
    a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    for kind in Kind::ALL {
        for level in [Level::Clean, Level::Hard] {
            let [first, second] = [(); 2].map(|()| draw(kind, level, 11).unwrap());

            assert_eq!(first.recto.encode().unwrap(), second.recto.encode().unwrap());
            assert_eq!(first.verso.encode().unwrap(), second.verso.encode().unwrap());
            assert_eq!(first.truth, second.truth);
        }
    }
}

#[test]
fn the_truth_does_not_depend_on_the_level() {
    for kind in Kind::ALL {
        let clean = draw(kind, Level::Clean, 5).unwrap();
        let scan = draw(kind, Level::Scan, 5).unwrap();

        assert_eq!(clean.truth, scan.truth);
    }
}

#[test]
fn the_truth_has_every_leaf_of_the_contract_and_no_other() {
    for kind in Kind::ALL {
        let specimen = draw(kind, Level::Clean, 3).unwrap();

        let mut found = Vec::new();
        leaves("", &specimen.truth, &mut found);

        let found: BTreeSet<&str> = found.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(found, contract(kind).into_iter().collect());
    }
}

#[test]
fn every_layout_draws_each_text_once_apart_from_the_others_and_is_marked() {
    for kind in Kind::ALL {
        for layout in layouts(kind) {
            for seed in 0..8 {
                let specimen = draw_with(kind, Level::Clean, seed, Some(layout)).unwrap();
                for side in [&specimen.recto, &specimen.verso] {
                    let texts = &side.texts;
                    assert!(
                        texts.iter().any(|text| text.text == "SPECIMEN"),
                        "{kind} {layout} {seed}"
                    );
                    for (nth, text) in texts.iter().enumerate() {
                        let other = texts[nth + 1..].iter().find(|other| overlap(text, other));
                        assert!(other.is_none(), "{kind} {layout} {seed}: {text:?} {other:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn every_value_that_the_truth_gives_is_printed() {
    for kind in Kind::ALL {
        for seed in 0..20 {
            let specimen = draw(kind, Level::Clean, seed).unwrap();
            let printed: BTreeSet<String> = [&specimen.recto, &specimen.verso]
                .into_iter()
                .flat_map(|side| side.texts.iter().filter_map(|text| text.path.clone()))
                .collect();
            let mut found = Vec::new();
            leaves("", &specimen.truth, &mut found);

            for (path, value) in found {
                // A line with family and given name bears the path of their
                // member; a category among others and a usage's description
                // have no text of their own.
                let whole = path.starts_with("identite.") && printed.contains("identite");
                let shared = ["permis.categorie", "usage.description"].contains(&path.as_str());
                let expected = value.is_null() || whole || shared || printed.contains(&path);
                assert!(expected, "{kind} {seed}: {path}");
            }
        }
    }
}

#[test]
fn texts_lie_within_the_picture_at_every_level() {
    for kind in Kind::ALL {
        for level in Level::ALL {
            for seed in 0..2 {
                let specimen = draw(kind, level, seed).unwrap();
                for side in [&specimen.recto, &specimen.verso] {
                    let (width, height) = side.image.dimensions();
                    for text in &side.texts {
                        let [left, top, right, bottom] = text.bounds();
                        assert!(left >= 0.0 && top >= 0.0, "{kind} {level} {seed}: {text:?}");
                        assert!(
                            right <= width as f32 && bottom <= height as f32,
                            "{kind} {level} {seed}: {text:?}"
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn the_zone_of_a_card_of_2020_agrees_with_its_truth_and_its_check_digits() {
    for seed in 0..20 {
        let specimen = draw(Kind::Cin2020, Level::Clean, seed).unwrap();

        let zone = zone(&specimen.verso);

        let [first, second, third] = zone[..] else { panic!("{} lines", zone.len()) };
        assert!(zone.iter().all(|line| line.len() == 30));
        let digit = |text: &str| check_digit(text).to_string();
        assert_eq!(first[14..15], digit(&first[5..14]));
        assert_eq!(second[6..7], digit(&second[..6]));
        assert_eq!(second[14..15], digit(&second[8..14]));
        let composite =
            format!("{}{}{}{}", &first[5..], &second[..7], &second[8..15], &second[18..29]);
        assert_eq!(second[29..], digit(&composite));
        assert_eq!(first[15..].trim_end_matches('<'), specimen.truth["cin"]);
        assert_eq!(second[7..8], *specimen.truth["sexe"].as_str().unwrap());
        let family = specimen.truth["identite"]["nom"]["fr"].as_str().unwrap();
        assert!(third.starts_with(&family.replace(' ', "<")));
    }
}

#[test]
fn a_card_of_2008_bears_no_zone() {
    let specimen = draw(Kind::Cin2008, Level::Clean, 1).unwrap();

    assert!(zone(&specimen.verso).is_empty());
}

#[test]
fn development_seeds_never_choose_the_layout_that_is_kept_back() {
    let kept_back = |seed| {
        let chosen = draw(Kind::Permis, Level::Clean, seed).unwrap();
        let forced =
            draw_with(Kind::Permis, Level::Clean, seed, layouts(Kind::Permis).last().copied());
        chosen.recto.image == forced.unwrap().recto.image
    };

    assert!(!(0..20).any(kept_back));
    assert!((specimen::DEVELOPMENT_SEEDS..specimen::DEVELOPMENT_SEEDS + 40).any(kept_back));
}

#[test]
fn a_layout_that_the_kind_lacks_is_refused_with_those_that_there_are() {
    let refused = draw_with(Kind::Gris, Level::Clean, 1, Some("spiral"));

    let Err(DrawError::UnknownLayout(name, known)) = refused else { panic!("{refused:?}") };
    assert_eq!((name.as_str(), known.contains("columns")), ("spiral", true));
}
