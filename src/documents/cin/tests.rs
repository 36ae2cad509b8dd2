//! Cards of both generations as rows of text, and the traps that they hold.

mod checks;
mod traps;

use super::*;
use crate::documents::printed::Printed;
use crate::documents::{Fields, Part, Reason, confidence};

const ZONE: [&str; 3] = [
    "IDMARTE5T0A01<6BK000123<<<<<<<",
    "9001011F3106143MAR<<<<<<<<<<<5",
    "BEN<TEST<<FATIMA<ZAHRA<<<<<<<<",
];

fn recto_2020() -> Printed {
    Printed::card()
        .at(0.015, 0.05, "ROYAUME DU MAROC")
        .at(0.98, 0.05, "المملكة المغربية")
        .at(0.3, 0.12, "CARTE NATIONALE D'IDENTITE")
        .at(0.98, 0.12, "البطاقة الوطنية للتعريف")
        .at(0.98, 0.22, "فاطمة الزهراء")
        .at(0.363, 0.28, "FATIMA ZAHRA")
        .at(0.98, 0.33, "بن تست")
        .at(0.363, 0.38, "BEN TEST")
        .at(0.363, 0.44, "Née le 01.01.1990")
        .at(0.98, 0.44, "مزدادة بتاريخ")
        .at(0.98, 0.51, "ب الدار البيضاء")
        .at(0.363, 0.57, "à CASABLANCA")
        .at(0.98, 0.66, "المدير العام للأمن الوطني")
        .at(0.98, 0.72, "عبد اللطيف حموشي")
        .at(0.12, 0.92, "N° BK000123")
        .at(0.45, 0.92, "Valable jusqu'au 14.06.2031")
        .at(0.98, 0.92, "صالحة إلى غاية")
        .at(0.9, 0.78, "CAN 123457")
}

fn verso_2020() -> Printed {
    Printed::card()
        .at(0.03, 0.1, "N° BK000123")
        .at(0.35, 0.1, "N° état civil 125/1990")
        .at(0.85, 0.1, "TE5T0A01")
        .at(0.8, 0.2, "Sexe F")
        .at(0.03, 0.3, "Fille de MOHAMED BEN ALI")
        .at(0.97, 0.3, "بنت محمد بن علي")
        .at(0.03, 0.38, "et de FATIMA BENT AHMED")
        .at(0.97, 0.38, "و فاطمة بنت أحمد")
        .at(0.03, 0.48, "Adresse RES AL AMAL IMM 4 APPT 12")
        .at(0.15, 0.54, "HAY HASSANI CASABLANCA")
        .at(0.97, 0.61, "العنوان إقامة الأمل عمارة 4 شقة 12")
        .mrz(ZONE)
}

fn read(recto: Printed, verso: Printed) -> CinFields {
    Cin::read(&Sides {
        recto: Some(recto.sheet(Part::Recto)),
        verso: Some(verso.sheet(Part::Verso)),
    })
}

fn value(fields: &CinFields, path: &str) -> Option<String> {
    let leaf = fields.leaves().into_iter().find(|leaf| leaf.path == path).unwrap();
    leaf.value.as_str().map(str::to_owned)
}

#[track_caller]
fn expect(fields: &CinFields, expected: &[(&str, &str)]) {
    for (path, text) in expected {
        assert_eq!(value(fields, path).as_deref(), Some(*text), "{path}");
    }
}

#[test]
fn a_2020_card_is_read_whole() {
    let fields = read(recto_2020(), verso_2020());
    expect(
        &fields,
        &[
            ("cin", "BK000123"),
            ("identite.nom.fr", "BEN TEST"),
            ("identite.nom.ar", "بن تست"),
            ("identite.prenom.fr", "FATIMA ZAHRA"),
            ("identite.prenom.ar", "فاطمة الزهراء"),
            ("naissance.date", "01.01.1990"),
            ("naissance.lieu.fr", "CASABLANCA"),
            ("naissance.lieu.ar", "الدار البيضاء"),
            ("adresse.fr", "RES AL AMAL IMM 4 APPT 12 HAY HASSANI CASABLANCA"),
            ("adresse.ar", "إقامة الأمل عمارة 4 شقة 12"),
            ("sexe", "F"),
            ("validite", "14.06.2031"),
            ("parents.pere.fr", "MOHAMED BEN ALI"),
            ("parents.pere.ar", "محمد بن علي"),
            ("parents.mere.fr", "FATIMA BENT AHMED"),
            ("parents.mere.ar", "فاطمة بنت أحمد"),
            ("etat_civil.numero_etat_civil", "125/1990"),
            ("carte.numero", "TE5T0A01"),
            ("carte.can", "123457"),
        ],
    );
}

#[test]
fn check_digits_make_number_and_dates_certain() {
    let fields = read(recto_2020(), verso_2020());
    assert!(fields.cin.confidence() >= confidence::PROVED);
    assert!(fields.naissance_date.confidence() >= confidence::PROVED);
    assert!(fields.validite.confidence() >= confidence::PROVED);
}

#[test]
fn both_sides_and_the_generation_are_recognised() {
    let recto = Cin::recognise(&recto_2020().page()).unwrap();
    assert_eq!((recto.side, recto.generation), (Side::Recto, Some("2020")));
    let verso = Cin::recognise(&verso_2020().page()).unwrap();
    assert_eq!((verso.side, verso.generation), (Side::Verso, Some("2020")));
}

fn recto_2008() -> Printed {
    Printed::card()
        .at(0.02, 0.05, "ROYAUME DU MAROC")
        .at(0.98, 0.05, "المملكة المغربية")
        .at(0.02, 0.12, "CARTE NATIONALE D'IDENTITE")
        .at(0.98, 0.12, "البطاقة الوطنية للتعريف")
        .at(0.66, 0.26, "يوسف")
        .at(0.02, 0.33, "YOUSSEF")
        .at(0.66, 0.41, "العلوي")
        .at(0.02, 0.47, "ALAOUI")
        .at(0.02, 0.53, "Né le 15.07.1981")
        .at(0.66, 0.53, "مزداد بتاريخ")
        .at(0.66, 0.6, "ببركان")
        .at(0.02, 0.66, "à BERKANE")
        .at(0.02, 0.72, "Valable jusqu'au 31.01.2019")
        .at(0.7, 0.79, "FA123456")
}

fn verso_2008() -> Printed {
    Printed::card()
        .at(0.03, 0.1, "N° FA123456")
        .at(0.5, 0.1, "N° état civil 33/1981")
        .at(0.03, 0.22, "Fils de AHMED BEN OMAR")
        .at(0.97, 0.22, "ابن أحمد بن عمر")
        .at(0.03, 0.3, "et de WAFAA")
        .at(0.97, 0.3, "و وفاء")
        .at(0.03, 0.45, "Adresse HAY SALAM BERKANE")
        .at(0.97, 0.51, "العنوان حي السلام بركان")
        .at(0.8, 0.62, "Sexe M")
        .at(0.03, 0.75, "Valable jusqu'au 31.01.2019")
}

#[test]
fn a_2008_card_is_read_whole() {
    let fields = read(recto_2008(), verso_2008());
    expect(
        &fields,
        &[
            ("cin", "FA123456"),
            ("identite.nom.fr", "ALAOUI"),
            ("identite.nom.ar", "العلوي"),
            ("identite.prenom.fr", "YOUSSEF"),
            ("identite.prenom.ar", "يوسف"),
            ("naissance.date", "15.07.1981"),
            ("naissance.lieu.fr", "BERKANE"),
            ("naissance.lieu.ar", "بركان"),
            ("adresse.fr", "HAY SALAM BERKANE"),
            ("sexe", "M"),
            ("validite", "31.01.2019"),
            ("parents.mere.fr", "WAFAA"),
            ("parents.mere.ar", "وفاء"),
        ],
    );
    assert_eq!(Cin::recognise(&recto_2008().page()).unwrap().generation, Some("2008"));
    assert!(matches!(
        fields.numero_carte,
        crate::documents::Field::Null { reason: Reason::NotPrinted, .. }
    ));
}

#[test]
fn the_card_access_number_is_neither_cin_nor_civil_status() {
    let verso = Printed::card().at(0.03, 0.3, "Fils de ALI").at(0.03, 0.38, "et de FATIMA").at(
        0.03,
        0.5,
        "Adresse FES",
    );
    let recto = Printed::card()
        .at(0.3, 0.12, "CARTE NATIONALE D'IDENTITE")
        .at(0.98, 0.12, "البطاقة الوطنية للتعريف")
        .at(0.9, 0.5, "CAN 123457");
    let fields = read(recto, verso);
    assert_eq!(fields.cin.value(), None);
    assert_eq!(fields.numero_etat_civil.value(), None);
    assert_eq!(fields.can.value().map(String::as_str), Some("123457"));
}

#[test]
fn the_card_number_of_eight_characters_is_not_the_cin() {
    // Printed like a CIN of eight characters, and read first.
    let verso = Printed::card()
        .at(0.03, 0.1, "N° AB123456")
        .at(0.85, 0.1, "TE123456")
        .at(0.03, 0.3, "Fils de ALI")
        .at(0.03, 0.38, "et de FATIMA");
    let recto = Printed::card().at(0.3, 0.12, "CARTE NATIONALE D'IDENTITE");
    assert_eq!(value(&read(recto, verso), "cin").as_deref(), Some("AB123456"));
}

#[test]
fn the_zone_decides_which_name_is_the_family_name() {
    let swapped = Printed::card()
        .at(0.3, 0.12, "CARTE NATIONALE D'IDENTITE")
        .at(0.98, 0.2, "بن تست")
        .at(0.363, 0.26, "BEN TEST")
        .at(0.98, 0.33, "فاطمة الزهراء")
        .at(0.363, 0.38, "FATIMA ZAHRA")
        .at(0.363, 0.45, "Née le 01.01.1990");
    let fields = read(swapped, verso_2020());
    expect(
        &fields,
        &[
            ("identite.nom.fr", "BEN TEST"),
            ("identite.prenom.fr", "FATIMA ZAHRA"),
            ("identite.nom.ar", "بن تست"),
            ("identite.prenom.ar", "فاطمة الزهراء"),
        ],
    );
}

#[test]
fn a_glued_preposition_is_cut_only_from_a_known_place() {
    let place = |ar: &str, fr: &str| {
        let recto = Printed::card()
            .at(0.3, 0.12, "CARTE NATIONALE D'IDENTITE")
            .at(0.363, 0.45, "Né le 01.01.1990")
            .at(0.98, 0.52, ar)
            .at(0.363, 0.58, fr)
            .at(0.363, 0.9, "Valable jusqu'au 01.01.2030");
        value(&read(recto, verso_2020()), "naissance.lieu.ar").unwrap()
    };
    assert_eq!(place("بورزازات", "à OUARZAZATE"), "ورزازات");
    assert_eq!(place("ب ورزازات", "a OUARZAZATE"), "ورزازات");
    assert_eq!(place("بني ملال", "à BENI MELLAL"), "بني ملال");
    assert_eq!(place("بنسليمان", "à BENSLIMANE"), "بنسليمان");
    assert_eq!(place("ببنسليمان", "à BENSLIMANE"), "بنسليمان");
}

#[test]
fn a_birthplace_of_several_parts_is_kept_whole() {
    let recto = Printed::card()
        .at(0.3, 0.12, "CARTE NATIONALE D'IDENTITE")
        .at(0.363, 0.45, "Né le 01.01.1990")
        .at(0.363, 0.58, "à TANGER ASSILAH - TANGER")
        .at(0.363, 0.9, "Valable jusqu'au 01.01.2030");
    assert_eq!(
        value(&read(recto, verso_2020()), "naissance.lieu.fr").as_deref(),
        Some("TANGER ASSILAH - TANGER")
    );
}

#[test]
fn labelled_names_and_inline_places_are_read() {
    let recto = Printed::card()
        .at(0.3, 0.1, "CARTE NATIONALE D'IDENTITE")
        .at(0.35, 0.2, "Nom : EL FICTIF")
        .at(0.98, 0.2, "الاسم العائلي : الفكتيف")
        .at(0.35, 0.3, "Prénom : AHMED")
        .at(0.98, 0.3, "الاسم الشخصي : أحمد")
        .at(0.35, 0.4, "Date de naissance : 02/03/1999")
        .at(0.35, 0.5, "Lieu de naissance : RABAT")
        .at(0.98, 0.5, "مكان الازدياد : الرباط")
        .at(0.35, 0.9, "Date de fin de validité : 02/03/2030");
    let mut fields = read(recto, verso_2008());
    fields.cin = crate::documents::Field::null(Reason::NotFound);
    expect(
        &fields,
        &[
            ("identite.nom.fr", "EL FICTIF"),
            ("identite.nom.ar", "الفكتيف"),
            ("identite.prenom.fr", "AHMED"),
            ("identite.prenom.ar", "أحمد"),
            ("naissance.date", "02.03.1999"),
            ("naissance.lieu.fr", "RABAT"),
            ("naissance.lieu.ar", "الرباط"),
        ],
    );
}

#[test]
fn a_birth_year_alone_is_kept_as_a_year() {
    let recto = Printed::card()
        .at(0.3, 0.12, "CARTE NATIONALE D'IDENTITE")
        .at(0.363, 0.45, "Né le 1957")
        .at(0.363, 0.9, "Valable jusqu'au 01.01.2030");
    assert_eq!(value(&read(recto, verso_2008()), "naissance.date").as_deref(), Some("1957"));
}

#[test]
fn the_sex_is_never_guessed_from_gender_words() {
    let verso = Printed::card().at(0.03, 0.3, "Fille de ALI").at(0.03, 0.38, "et de FATIMA");
    let fields = read(recto_2008(), verso);
    assert_eq!(fields.sexe.value(), None);
}

#[test]
fn numbers_that_differ_between_the_sides_are_doubtful() {
    let verso = verso_2008();
    let recto =
        Printed::card().at(0.3, 0.12, "CARTE NATIONALE D'IDENTITE").at(0.7, 0.79, "N° FA123466");
    assert!(read(recto, verso).cin.confidence() < 0.5);
}

#[test]
fn look_alikes_are_no_identity_card() {
    let passport = Printed::card()
        .at(0.3, 0.1, "ROYAUME DU MAROC")
        .at(0.3, 0.2, "PASSEPORT")
        .at(0.98, 0.2, "جواز سفر")
        .at(0.3, 0.4, "Né le 01.01.1990");
    assert!(Cin::recognise(&passport.page()).is_none());
    let residence = Printed::card()
        .at(0.3, 0.1, "ROYAUME DU MAROC")
        .at(0.3, 0.2, "TITRE DE SEJOUR")
        .at(0.3, 0.4, "Né le 01.01.1990")
        .at(0.3, 0.5, "Valable jusqu'au 01.01.2030");
    assert!(Cin::recognise(&residence.page()).is_none());
}

#[test]
fn a_civil_status_number_that_looks_like_a_date_is_read_at_its_label() {
    let verso = Printed::card()
        .at(0.03, 0.1, "N° ETAT CIVIL : 2606/1950")
        .at(0.03, 0.3, "Fils de ALI")
        .at(0.03, 0.38, "et de FATIMA");
    let number = value(&read(recto_2008(), verso), "etat_civil.numero_etat_civil");
    assert_eq!(number.as_deref(), Some("2606/1950"));
}

#[test]
fn an_address_goes_on_below_even_with_a_house_number_first() {
    let verso = Printed::card()
        .at(0.03, 0.3, "Fils de ALI")
        .at(0.03, 0.38, "et de FATIMA")
        .at(0.03, 0.5, "Adresse")
        .at(0.3, 0.5, "HAY EL QODS RUE 19")
        .at(0.97, 0.55, "العنوان حي القدس زنقة 19")
        .at(0.3, 0.6, "N° 130 SIDI KACEM")
        .at(0.84, 0.65, "رقم 130 سيدي قاسم")
        .at(0.03, 0.75, "Sexe M");
    let fields = read(recto_2008(), verso);
    expect(
        &fields,
        &[
            ("adresse.fr", "HAY EL QODS RUE 19 N° 130 SIDI KACEM"),
            ("adresse.ar", "حي القدس زنقة 19 رقم 130 سيدي قاسم"),
        ],
    );
}
