//! What everybody who sends pictures that are no document relies on.

use specimen::{Distractor, Level, Script, draw_distractor};

#[test]
fn the_same_seed_gives_the_same_picture_and_another_seed_another() {
    for distractor in Distractor::ALL {
        let [first, second, other] =
            [5, 5, 6].map(|seed| draw_distractor(distractor, Level::Clean, seed).unwrap());

        assert_eq!(first.encode().unwrap(), second.encode().unwrap(), "{distractor}");
        assert_ne!(first.image, other.image, "{distractor}");
    }
}

#[test]
fn every_picture_that_names_somebody_is_marked() {
    // Running text names nobody.
    let anonymous = [Distractor::FrenchPage, Distractor::ArabicPage];
    for distractor in Distractor::ALL.into_iter().filter(|one| !anonymous.contains(one)) {
        for seed in 0..6 {
            let picture = draw_distractor(distractor, Level::Clean, seed).unwrap();

            let marked = picture.texts.iter().any(|text| text.text == "SPECIMEN");
            assert!(marked || picture.texts.is_empty(), "{distractor} {seed}");
        }
    }
}

#[test]
fn every_picture_can_be_photographed() {
    for distractor in Distractor::ALL {
        let picture = draw_distractor(distractor, Level::Hard, 3).unwrap();

        assert!(picture.image.width() > 400 && picture.image.height() > 400, "{distractor}");
    }
}

#[test]
fn the_zone_of_a_foreign_card_is_whole_and_names_no_moroccan_issuer() {
    let zones = (0..20).filter_map(|seed| {
        let picture = draw_distractor(Distractor::ForeignIdentity, Level::Clean, seed).unwrap();
        let zone = picture.texts.into_iter().filter(|text| text.script == Script::Mrz);
        let zone: Vec<String> = zone.map(|line| line.text).collect();
        (!zone.is_empty()).then_some(zone)
    });
    let mut seen = 0;
    for zone in zones {
        assert_eq!(zone.iter().map(String::len).collect::<Vec<_>>(), [30, 30, 30]);
        assert!(zone[0].starts_with("I<UTO"));
        seen += 1;
    }
    assert!(seen > 5);
}
