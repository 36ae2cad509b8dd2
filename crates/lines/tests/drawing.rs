//! What holds of every picture, with the fonts that this machine has.

use std::collections::HashSet;

use lines::{
    ALPHABET, Camera, DrawError, FAMILIES, Filters, Ground, HEIGHT, Kind, Level, LineSpecimen,
    Split, WIDTHS, draw, missing, visual, write_record,
};

fn installed() -> Filters {
    Filters { installed: true, ..Filters::default() }
}

#[expect(clippy::unwrap_used, reason = "tests")]
fn lines(split: Split, count: u64, filters: &Filters) -> Vec<LineSpecimen> {
    (0..count).map(|index| draw(split, 7, index, filters).unwrap()).collect()
}

#[test]
fn the_same_seed_draws_the_same_picture_and_another_another() {
    let [first, again] = [0, 0].map(|_| draw(Split::Train, 3, 11, &installed()).unwrap());
    let other = draw(Split::Train, 4, 11, &installed()).unwrap();
    let check = draw(Split::Check, 3, 11, &installed()).unwrap();

    assert_eq!((&first.image, &first.visual), (&again.image, &again.visual));
    assert_ne!(first.image, other.image);
    assert_ne!(first.image, check.image);
}

#[test]
fn every_letter_of_a_label_is_of_the_alphabet() {
    let alphabet: HashSet<char> = ALPHABET.iter().copied().collect();
    for kind in Kind::ALL {
        let filters = Filters { kinds: vec![kind], levels: vec![Level::Clean], ..installed() };
        for line in lines(Split::Train, 60, &filters) {
            let strange = line.visual.chars().find(|letter| !alphabet.contains(letter));

            assert_eq!(strange, None, "{kind}: {}", line.visual);
            assert!(line.visual.chars().count() <= 100 && line.visual.trim() == line.visual);
            assert_eq!(line.visual.is_empty(), kind == Kind::Nothing);
        }
    }
}

#[test]
fn pictures_have_the_agreed_size() {
    for line in lines(Split::Train, 200, &installed()) {
        assert_eq!(line.image.height(), HEIGHT);
        assert!(WIDTHS.contains(&line.image.width()));
    }
}

#[test]
fn what_is_held_back_is_never_drawn_for_training() {
    let seen = |split: Split| {
        let drawn = lines(split, 400, &installed());
        let fonts: HashSet<&str> = drawn
            .iter()
            .map(|line| FAMILIES[usize::from(line.font)].name.as_str())
            .filter(|name| *name != "OCR B")
            .collect();
        let grounds: HashSet<Ground> = drawn.iter().map(|line| line.ground).collect();
        let cameras: HashSet<Camera> = drawn.iter().map(|line| line.camera).collect();
        (fonts, grounds, cameras)
    };
    let (train, check, held) = (seen(Split::Train), seen(Split::Check), seen(Split::Held));

    for learned in [&train, &check] {
        assert!(learned.0.is_disjoint(&held.0));
        assert!(learned.1.is_disjoint(&held.1));
        assert!(learned.2.is_disjoint(&held.2));
    }
    assert_eq!((train.1, train.2), (check.1, check.2));
    assert_eq!((held.1.len(), held.2.len()), (3, 4));
}

#[test]
fn clean_print_stands_out_from_one_end_to_the_other() {
    let filters = Filters {
        kinds: vec![Kind::LatinName, Kind::ArabicName, Kind::Date, Kind::ArabicAddress],
        levels: vec![Level::Clean],
        ..installed()
    };
    for split in [Split::Train, Split::Held] {
        for line in lines(split, 150, &filters) {
            let mut tones = line.image.as_raw().clone();
            tones.sort_unstable();
            let (ink, paper) = (tones[tones.len() / 100], tones[tones.len() * 4 / 5]);
            assert!(paper.saturating_sub(ink) >= 40, "{} {ink} {paper}", line.visual);

            let middle = ink.midpoint(paper);
            let is_inked = |x: u32| (0..HEIGHT).any(|y| line.image.get_pixel(x, y).0[0] < middle);
            let width = line.image.width();
            let mut inked = (0..width).filter(|x| is_inked(*x));
            let first = inked.next().unwrap();
            let last = inked.next_back().unwrap();
            assert!(first < width / 3 && last > width * 2 / 3, "{}: {first}..{last}", line.visual);
        }
    }
}

#[test]
fn check_digits_of_machine_readable_lines_hold() {
    let filters = Filters { kinds: vec![Kind::Mrz], levels: vec![Level::Clean], ..installed() };
    let mut checked = 0;
    for line in lines(Split::Train, 90, &filters) {
        let text = line.visual;
        assert_eq!(text.len(), 30, "{text}");
        let digit = |at: usize| text[at..].chars().next().and_then(|digit| digit.to_digit(10));
        if &text[2..5] == "MAR" {
            assert_eq!(digit(14), Some(specimen::check_digit(&text[5..14])));
            checked += 1;
        } else if &text[15..18] == "MAR" {
            assert_eq!(digit(6), Some(specimen::check_digit(&text[..6])));
            assert_eq!(digit(14), Some(specimen::check_digit(&text[8..14])));
            checked += 1;
        } else {
            assert!(text.contains("<<"));
        }
    }
    assert!(checked > 30);
}

#[test]
fn labels_are_texts_as_they_stand() {
    let kinds = Kind::ALL.into_iter().filter(|kind| *kind != Kind::Mixed).collect();
    let filters = Filters { kinds, levels: vec![Level::Clean], ..installed() };
    for line in lines(Split::Train, 300, &filters) {
        assert_eq!(visual(&line.text), line.visual);
    }
}

#[test]
fn nearly_half_of_the_lines_have_arabic_letters() {
    let drawn = lines(Split::Train, 600, &installed());
    let is_arabic = |letter: char| ('\u{600}'..'\u{700}').contains(&letter);
    let arabic = drawn.iter().filter(|line| line.visual.chars().any(is_arabic)).count();

    assert!((240..330).contains(&arabic), "{arabic} of 600");
}

#[test]
fn filters_are_kept() {
    let filters = Filters {
        kinds: vec![Kind::Plate, Kind::Date],
        levels: vec![Level::Hard],
        fonts: Some("DejaVu".to_owned()),
        ..installed()
    };
    for line in lines(Split::Train, 40, &filters) {
        assert!(matches!(line.kind, Kind::Plate | Kind::Date) && line.level == Level::Hard);
        assert!(FAMILIES[usize::from(line.font)].name.contains("DejaVu"));
    }
}

#[test]
fn families_that_are_not_installed_are_named_with_their_packages() {
    let drawn = draw(Split::Train, 0, 0, &Filters::default());
    match missing(Split::Train).first() {
        None => assert!(drawn.is_ok()),
        Some(family) => {
            let Err(DrawError::FontsMissing { families, packages, .. }) = drawn else {
                panic!("a family is missing and nobody says so");
            };
            assert!(families.contains(&family.name));
            assert!(family.packages().all(|package| packages.contains(package)));
        }
    }
}

#[test]
fn a_record_has_the_agreed_form() {
    let line = draw(Split::Held, 1, 5, &installed()).unwrap();
    let mut record = Vec::new();
    write_record(&line, &mut record).unwrap();

    let number = |at: usize| u16::from_le_bytes([record[at], record[at + 1]]);
    let label = usize::from(number(8));
    assert_eq!(u32::from(number(0)), line.image.width());
    assert_eq!(Kind::ALL[usize::from(record[2])], line.kind);
    assert_eq!(Level::ALL[usize::from(record[3])], line.level);
    assert_eq!(number(4), line.font);
    assert_eq!(Ground::ALL[usize::from(number(6) / 16)], line.ground);
    assert_eq!(Camera::ALL[usize::from(number(6) % 16)], line.camera);
    assert_eq!(&record[10..10 + label], line.visual.as_bytes());
    assert_eq!(&record[10 + label..], line.image.as_raw().as_slice());
}
