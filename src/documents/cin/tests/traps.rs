//! The traps of the identity card and every wording of its labels.

use super::*;

/// A recto of its title and more lines.
fn titled(lines: &[(f32, f32, &str)]) -> Printed {
    let card = Printed::card().at(0.3, 0.08, "CARTE NATIONALE D'IDENTITE").at(
        0.98,
        0.08,
        "البطاقة الوطنية للتعريف",
    );
    lines.iter().fold(card, |card, (x, y, text)| card.at(*x, *y, text))
}

/// A French label as printers write it.
fn styles(label: &str) -> [String; 4] {
    [label.to_owned(), label.to_uppercase(), label.to_lowercase(), format!("{label} :")]
}

#[test]
fn the_expiry_is_read_at_every_wording_beside_and_below() {
    for label in ["Valable jusqu'au", "Fin de validité", "Date de fin de validité"] {
        for label in styles(label) {
            let beside = titled(&[(0.03, 0.8, &format!("{label} 14.06.2031"))]);
            let below = titled(&[(0.03, 0.7, &label), (0.03, 0.76, "14.06.2031")]);
            let column = titled(&[(0.03, 0.7, &label), (0.6, 0.7, "14.06.2031")]);
            for card in [beside, below, column] {
                let fields = read(card, verso_2008_without_expiry());
                assert_eq!(value(&fields, "validite").as_deref(), Some("14.06.2031"), "{label}");
            }
        }
    }
    for label in ["صالحة إلى غاية", "صالحة الى غاية", "نهاية الصلاحية", "تاريخ نهاية الصلاحية"]
    {
        let card = titled(&[(0.98, 0.8, label), (0.5, 0.8, "14.06.2031")]);
        let fields = read(card, verso_2008_without_expiry());
        assert_eq!(value(&fields, "validite").as_deref(), Some("14.06.2031"), "{label}");
    }
}

fn verso_2008_without_expiry() -> Printed {
    Printed::card().at(0.03, 0.22, "Fils de AHMED BEN OMAR").at(0.03, 0.3, "et de WAFAA")
}

#[test]
fn the_birth_date_is_read_at_every_wording() {
    let french = ["Né le", "Née le", "Né(e) le", "Date de naissance", "Date et lieu de naissance"];
    for label in french.iter().flat_map(|label| styles(label)) {
        let card = titled(&[(0.36, 0.45, &format!("{label} 01.01.1990"))]);
        let fields = read(card, verso_2008());
        assert_eq!(value(&fields, "naissance.date").as_deref(), Some("01.01.1990"), "{label}");
    }
    let arabic = [
        "مزداد بتاريخ",
        "مزدادة بتاريخ",
        "مزداد(ة) بتاريخ",
        "تاريخ الازدياد",
        "تاريخ الولادة",
        "تاريخ ومكان الازدياد",
    ];
    for label in arabic {
        let card = titled(&[(0.98, 0.45, label), (0.5, 0.45, "01.01.1990")]);
        let fields = read(card, verso_2008());
        assert_eq!(value(&fields, "naissance.date").as_deref(), Some("01.01.1990"), "{label}");
    }
}

#[test]
fn the_number_is_read_at_every_wording() {
    for label in ["N°", "CNIE N°", "C.I.N N°", "C.N.I.", "N° de la C.I.N."] {
        let fields = read(titled(&[(0.1, 0.92, &format!("{label} BK123456"))]), verso_2020_bare());
        assert_eq!(value(&fields, "cin").as_deref(), Some("BK123456"), "{label}");
    }
}

fn verso_2020_bare() -> Printed {
    Printed::card().at(0.03, 0.3, "Fils de ALI").at(0.03, 0.38, "et de FATIMA")
}

#[test]
fn the_preposition_is_cut_however_it_was_read() {
    for printed in ["à CASABLANCA", "a CASABLANCA", "A CASABLANCA", "á CASABLANCA", "4 CASABLANCA"]
    {
        let card = titled(&[(0.36, 0.45, "Né le 01.01.1990"), (0.36, 0.55, printed)]);
        let fields = read(card, verso_2008());
        assert_eq!(value(&fields, "naissance.lieu.fr").as_deref(), Some("CASABLANCA"), "{printed}");
    }
}

#[test]
fn parents_keep_the_particles_inside_their_names() {
    let parents = |father: &str, mother: &str| {
        let verso = Printed::card().at(0.03, 0.3, father).at(0.03, 0.38, mother);
        let fields = read(recto_2008(), verso);
        (value(&fields, "parents.pere.fr").unwrap(), value(&fields, "parents.mere.fr").unwrap())
    };
    let expected = ("MOHAMED BEN ALI".to_owned(), "FATIMA BENT AHMED".to_owned());
    assert_eq!(parents("Fils de MOHAMED BEN ALI", "et de FATIMA BENT AHMED"), expected);
    assert_eq!(parents("Filsde MOHAMED BEN ALI", "Etde FATIMA BENT AHMED"), expected);
    assert_eq!(parents("FILLE DE : MOHAMED BEN ALI", "ET DE : FATIMA BENT AHMED"), expected);
    assert_eq!(parents("Fils de MOHAMED ben ALI", "et de FATIMA bent AHMED"), expected);
}

#[test]
fn a_label_glued_to_the_mothers_name_is_cut() {
    let verso = Printed::card().at(0.03, 0.3, "Fils de ALI").at(0.03, 0.38, "et DEITTO").at(
        0.97,
        0.38,
        "و إيطو",
    );
    expect(&read(recto_2008(), verso), &[("parents.mere.fr", "ITTO")]);
}

#[test]
fn arabic_parents_lose_their_label_and_no_particle() {
    let verso = Printed::card()
        .at(0.03, 0.3, "Fille de ALI")
        .at(0.97, 0.3, "بنت علي بن عمر")
        .at(0.03, 0.38, "et de FATIMA")
        .at(0.97, 0.38, "وفاطمة بنت أحمد");
    let fields = read(recto_2008(), verso);
    expect(&fields, &[("parents.pere.ar", "علي بن عمر"), ("parents.mere.ar", "فاطمة بنت أحمد")]);
}

#[test]
fn a_father_whose_arabic_label_is_lost_or_misread_is_the_one_that_the_french_name_tells() {
    for printed in ["أنس بن عمر", "إن أنس بن عمر"] {
        let verso = Printed::card()
            .at(0.97, 0.26, printed)
            .at(0.03, 0.3, "Fille de ANAS BEN OMAR")
            .at(0.97, 0.34, "و منى بنت ادريس")
            .at(0.03, 0.38, "et de MOUNA BENT DRISS");
        let fields = read(recto_2008(), verso);
        expect(&fields, &[("parents.pere.ar", "أنس بن عمر"), ("parents.mere.ar", "منى بنت ادريس")]);
    }
}

#[test]
fn an_unlabelled_arabic_name_that_says_something_else_is_nobodys_father() {
    let verso =
        Printed::card().at(0.97, 0.26, "سعيد بن يوسف").at(0.03, 0.3, "Fille de ANAS BEN OMAR");
    assert_eq!(value(&read(recto_2008(), verso), "parents.pere.ar"), None);
}

#[test]
fn a_misread_label_of_one_letter_is_no_name() {
    let verso = Printed::card().at(0.03, 0.3, "Fille de ALI").at(0.03, 0.38, "et de ASMAA").at(
        0.97,
        0.38,
        "ر أسماء بنت فيصل",
    );
    expect(&read(recto_2008(), verso), &[("parents.mere.ar", "أسماء بنت فيصل")]);
}

#[test]
fn a_mother_whose_label_is_glued_stands_in_a_row_above_the_french_one() {
    let verso = Printed::card()
        .at(0.97, 0.22, "بنت مولاي علي بن عزيز")
        .at(0.03, 0.30, "FILLE DE MOULAY ALI BEN AZIZ")
        .at(0.97, 0.37, "والزهرة")
        .at(0.03, 0.44, "ET DE ZOHRA");
    let fields = read(recto_2008(), verso);
    expect(&fields, &[("parents.mere.fr", "ZOHRA"), ("parents.mere.ar", "الزهرة")]);
}

#[test]
fn where_one_arabic_name_is_lost_the_other_stays_with_its_french_one() {
    // The family name's line was lost; its neighbour stands as near to the birth date.
    let recto = titled(&[
        (0.36, 0.28, "YOUSSEF"),
        (0.36, 0.36, "BOUZKRAN"),
        (0.98, 0.4, "يوسف"),
        (0.36, 0.45, "Né le 01.01.1990"),
    ]);
    let fields = read(recto, verso_2008());
    expect(&fields, &[("identite.prenom.ar", "يوسف"), ("identite.nom.fr", "BOUZKRAN")]);
    assert_eq!(value(&fields, "identite.nom.ar"), None);
}

#[test]
fn compound_names_are_kept_whole() {
    for name in ["AIT BRAHIM", "OULD SIDI ALI", "M'HAMED", "EL ALAMI-IDRISSI", "ABOU LALLA"] {
        let recto = titled(&[
            (0.36, 0.2, "Prénom MOULAY AHMED"),
            (0.36, 0.3, &format!("Nom {name}")),
            (0.36, 0.45, "Né le 01.01.1990"),
        ]);
        let fields = read(recto, verso_2008());
        expect(&fields, &[("identite.nom.fr", name), ("identite.prenom.fr", "MOULAY AHMED")]);
    }
}

#[test]
fn civil_status_numbers_of_two_and_three_parts_are_read_and_may_be_absent() {
    let number = |line: &str| {
        let verso = Printed::card().at(0.03, 0.1, line).at(0.03, 0.3, "Fils de ALI").at(
            0.03,
            0.38,
            "et de FATIMA",
        );
        value(&read(recto_2008(), verso), "etat_civil.numero_etat_civil")
    };
    assert_eq!(number("N° état civil 125/1990").as_deref(), Some("125/1990"));
    assert_eq!(number("N° état civil 125-1990").as_deref(), Some("125/1990"));
    assert_eq!(number("N° état civil 12/345/1990").as_deref(), Some("12/345/1990"));
    assert_eq!(number("N° état civil"), None);
}

#[test]
fn the_signatory_and_the_overprint_are_never_the_holder() {
    let recto = recto_2020().at(0.4, 0.33, "SPECIMEN").at(0.4, 0.76, "ABDELLATIF HAMMOUCHI");
    expect(
        &read(recto, verso_2020()),
        &[
            ("identite.nom.fr", "BEN TEST"),
            ("identite.prenom.fr", "FATIMA ZAHRA"),
            ("identite.prenom.ar", "فاطمة الزهراء"),
            ("naissance.lieu.ar", "الدار البيضاء"),
        ],
    );
}

#[test]
fn the_letter_of_the_sex_outranks_words_that_agree_in_gender() {
    let verso = Printed::card()
        .at(0.03, 0.3, "Fille de ALI")
        .at(0.03, 0.38, "et de FATIMA")
        .at(0.8, 0.2, "Sexe M");
    expect(&read(recto_2008(), verso), &[("sexe", "M")]);
}

#[test]
fn the_portrait_tells_the_generation() {
    let generation = |x: f32| {
        let mut page = titled(&[(0.36, 0.45, "Né le 01.01.1990")]).page();
        page.portrait = Some(crate::ocr::Rect::new(x, 300.0, 400.0, 500.0));
        Cin::recognise(&page).unwrap().generation
    };
    assert_eq!(generation(50.0), Some("2020"));
    assert_eq!(generation(1100.0), Some("2008"));
}

#[test]
fn a_page_read_in_visual_order_is_read_like_any_other() {
    let seen = |text: &str| text.chars().rev().collect::<String>();
    let words = |text: &str| text.split(' ').map(seen).collect::<Vec<_>>().join(" ");
    let recto = Printed::card()
        .at(0.3, 0.08, "CARTE NATIONALE D'IDENTITE")
        .at(0.98, 0.08, &words("البطاقة الوطنية للتعريف"))
        .at(0.98, 0.22, &words("فاطمة الزهراء"))
        .at(0.363, 0.28, "FATIMA ZAHRA")
        .at(0.98, 0.33, &words("بن تست"))
        .at(0.363, 0.38, "BEN TEST")
        .at(0.363, 0.44, "Née le 01.01.1990")
        .at(0.98, 0.44, &words("مزدادة بتاريخ"))
        .at(0.98, 0.51, &words("ب الدار البيضاء"));
    expect(
        &read(recto, verso_2008()),
        &[
            ("identite.nom.ar", "بن تست"),
            ("identite.prenom.ar", "فاطمة الزهراء"),
            ("naissance.lieu.ar", "الدار البيضاء"),
        ],
    );
}

#[test]
fn arabic_indic_digits_are_read_as_western_ones() {
    let recto = titled(&[(0.36, 0.45, "Né le ٠١.٠١.١٩٩٠"), (0.1, 0.92, "N° BK١٢٣٤٥٦")]);
    expect(
        &read(recto, verso_2020_bare()),
        &[("naissance.date", "01.01.1990"), ("cin", "BK123456")],
    );
}

#[test]
fn an_access_number_read_upwards_digit_by_digit_is_no_number() {
    let mut recto = titled(&[(0.36, 0.45, "Né le 01.01.1990"), (0.97, 0.6, "CAN")]);
    for (line, digit) in ["1", "2", "3", "4", "5", "7"].into_iter().enumerate() {
        recto = recto.at(0.97, 0.65 + 0.04 * line as f32, digit);
    }
    let fields = read(recto, verso_2020_bare());
    for path in ["cin", "etat_civil.numero_etat_civil", "validite"] {
        assert_eq!(value(&fields, path), None, "{path}");
    }
}

#[test]
fn a_name_that_the_zone_cuts_off_is_the_printed_one() {
    use crate::documents::cin::proof::is_same_name;
    assert!(is_same_name("ABDERRAHMANE EL-IDRISSI", "ABDERRAHMANE EL ID"));
    assert!(is_same_name("M'HAMED", "MHAMED"));
    assert!(!is_same_name("ALI", "AL"));
}

#[test]
fn the_number_of_a_house_is_not_the_number_of_the_card() {
    let recto = Printed::card()
        .at(0.015, 0.05, "ROYAUME DU MAROC")
        .at(0.3, 0.12, "CARTE NATIONALE D'IDENTITE")
        .at(0.363, 0.38, "BEN TEST");
    let verso = Printed::card()
        .at(0.85, 0.1, "Sexe F")
        .at(0.03, 0.48, "Adresse NO 178 RUE 5 HAY HASSANI")
        .at(0.03, 0.54, "NO1234 CASABLANCA");

    assert_eq!(read(recto, verso).number(), None);
}
