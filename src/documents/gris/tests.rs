//! Registrations as rows of text, and the traps that they hold.

mod arrangements;
mod checks;
mod traps;

use super::*;
use crate::documents::printed::Printed;
use crate::documents::{Fields, Leaf, Part, Side};

fn owner_rows(replaced: &[(usize, &'static str, &'static str)]) -> Printed {
    let mut rows = vec![
        ("Numéro d'immatriculation", "رقم التسجيل"),
        ("Immatriculation antérieure WW123456", "الترقيم السابق"),
        ("Première mise en circulation 03/04/2015", "أول شروع في الإستخدام"),
        ("M.C au maroc 05/06/2016", "أول استخدام بالمغرب"),
        ("Mutation le --", "تحويل بتاريخ"),
        ("Usage PARTICULIER", "نوع الإستعمال"),
        ("Propriétaire ALAOUI KARIM", "المالك العلوي كريم"),
        ("Adresse RES AL AMAL IMM 4", "العنوان إقامة الأمل"),
        ("Fin de validité 06/06/2026", "نهاية الصلاحية"),
    ];
    for (index, left, right) in replaced {
        rows[*index] = (left, right);
    }
    Printed::card()
        .at(0.03, 0.05, "ROYAUME DU MAROC")
        .at(0.35, 0.12, "CARTE GRISE")
        .at(0.97, 0.12, "البطاقة الرمادية")
        .rows(0.2, &rows)
        .at(0.4, 0.2, "12345-أ-6")
}

fn technical_rows(replaced: &[(usize, &'static str, &'static str)]) -> Printed {
    let mut rows = vec![
        ("Marque DACIA", "الاسم التجاري"),
        ("Type SDJF4-A", "الصنف"),
        ("Genre VP", "النوع"),
        ("Modèle --", "النموذج"),
        ("Type carburant DIESEL", "نوع الوقود"),
        ("N° du chassis UU1KSDJF4AB123456", "رقم الإطار الحديدي"),
        ("Nombre de cylindres 4", "عدد الأسطوانات"),
        ("Puissance fiscale 6", "القوة الجبائية"),
        ("Nombre de places 5", "عدد المقاعد"),
        ("P.T.A.C 1 905 kg", "الوزن الإجمالي"),
        ("Poids à vide 1205 xg", "الوزن الفارغ"),
        ("P.T.M.C.T --", "الوزن الإجمالي مع المجرور"),
        ("Restrictions --", "التقييدات"),
    ];
    for (index, left, right) in replaced {
        rows[*index] = (left, right);
    }
    Printed::card().rows(0.05, &rows)
}

fn read(recto: Printed, verso: Printed) -> GrisFields {
    Gris::read(&Sides {
        recto: Some(recto.sheet(Part::Recto)),
        verso: Some(verso.sheet(Part::Verso)),
    })
}

fn leaf(fields: &GrisFields, path: &str) -> Leaf {
    fields.leaves().into_iter().find(|leaf| leaf.path == path).unwrap()
}

#[track_caller]
fn expect(fields: &GrisFields, expected: &[(&str, &str)]) {
    for (path, text) in expected {
        let value = leaf(fields, path).value;
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        assert_eq!(value, *text, "{path}");
    }
}

#[test]
fn a_registration_is_read_whole() {
    let fields = read(owner_rows(&[]), technical_rows(&[]));
    expect(
        &fields,
        &[
            ("numero_matricule_marocain.numero", "12345 أ 6"),
            ("immatriculation_anterieure.numero", "WW-123456"),
            ("mise_en_circulation.date", "03.04.2015"),
            ("mise_en_circulation_au_maroc.date", "05.06.2016"),
            ("mutation.date", "null"),
            ("usage.type", "Particulier"),
            ("marque", "DACIA"),
            ("Type", "SDJF4-A"),
            ("Genre", "VP"),
            ("type_carburant", "DIESEL"),
            ("numero_chassis", "UU1KSDJF4AB123456"),
            ("nombre_cylindres", "4"),
            ("puissance_fiscale", "6"),
            ("restriction", "null"),
            ("identite.nom.fr", "ALAOUI"),
            ("identite.nom.ar", "العلوي"),
            ("identite.prenom.fr", "KARIM"),
            ("identite.prenom.ar", "كريم"),
            ("adresse.fr", "RES AL AMAL IMM 4"),
            ("adresse.ar", "إقامة الأمل"),
            ("valiadtion", "06.06.2026"),
            ("modele", "null"),
            ("nombre_places", "5"),
            ("ptac", "1905"),
            ("poids_a_vide", "1205"),
            ("ptmct", "null"),
        ],
    );
}

#[test]
fn both_sides_are_recognised() {
    let owner = Gris::recognise(&owner_rows(&[]).page()).unwrap();
    let technical = Gris::recognise(&technical_rows(&[]).page()).unwrap();
    assert_eq!((owner.side, technical.side), (Side::Recto, Side::Verso));
    assert!(owner.marks >= 2 && technical.marks >= 2);
}

#[test]
fn dashes_are_marked_absent_and_never_a_neighbours_value() {
    let fields = read(owner_rows(&[]), technical_rows(&[]));
    for path in ["mutation.date", "restriction", "modele", "ptmct"] {
        assert_eq!(leaf(&fields, path).reason, Some(Reason::MarkedAbsent), "{path}");
    }
}

#[test]
fn an_empty_row_takes_no_value_from_the_rows_around_it() {
    let fields = read(
        owner_rows(&[
            (4, "Mutation le", "تحويل بتاريخ"),
            (3, "M.C au maroc", "أول استخدام بالمغرب"),
        ]),
        technical_rows(&[(3, "Modèle", "النموذج")]),
    );
    expect(
        &fields,
        &[
            ("mutation.date", "null"),
            ("mise_en_circulation_au_maroc.date", "null"),
            ("modele", "null"),
        ],
    );
}

#[test]
fn dates_out_of_order_are_doubtful() {
    let fields = read(
        owner_rows(&[(3, "M.C au maroc 05/06/2010", "أول استخدام بالمغرب")]),
        technical_rows(&[]),
    );
    assert!(fields.mise_en_circulation_au_maroc.confidence() < 0.5);
}

#[test]
fn a_company_is_one_name() {
    let fields = read(
        owner_rows(&[(6, "Propriétaire STE ATLAS TRANSPORT SARL", "المالك شركة الأطلس")]),
        technical_rows(&[]),
    );
    expect(
        &fields,
        &[
            ("identite.nom.fr", "STE ATLAS TRANSPORT SARL"),
            ("identite.nom.ar", "شركة الأطلس"),
            ("identite.prenom.fr", "null"),
        ],
    );
    assert_eq!(leaf(&fields, "identite.prenom.fr").reason, Some(Reason::NotPrinted));
}

#[test]
fn an_owner_on_two_lines_has_the_given_name_above() {
    let owner = Printed::card()
        .at(0.35, 0.08, "CARTE GRISE")
        .at(0.97, 0.08, "البطاقة الرمادية")
        .at(0.03, 0.3, "Propriétaire")
        .at(0.97, 0.3, "المالك")
        .at(0.25, 0.3, "INCONNUE")
        .at(0.25, 0.36, "EL FICTIF")
        .at(0.03, 0.5, "Adresse RABAT");
    let fields = read(owner, technical_rows(&[]));
    expect(&fields, &[("identite.nom.fr", "EL FICTIF"), ("identite.prenom.fr", "INCONNUE")]);
}

#[test]
fn other_words_of_the_labels_are_understood() {
    let fields = read(
        owner_rows(&[
            (2, "1ère M.C. 03/04/2015", "أول شروع في الاستخدام"),
            (4, "Mutation le 01/02/2018", "تاريخ انتقال الملكية"),
            (5, "Usage Transport de marchandises", "نوع الإستعمال نقل البضائع"),
        ]),
        technical_rows(&[(0, "Marque RENAULT", "العلامة"), (11, "P.T.R.A 3000 kg", "")]),
    );
    expect(
        &fields,
        &[
            ("mise_en_circulation.date", "03.04.2015"),
            ("mutation.date", "01.02.2018"),
            ("usage.type", "Transport de marchandises"),
            ("marque", "RENAULT"),
            ("ptmct", "3000"),
        ],
    );
}

#[test]
fn two_columns_with_values_below_do_not_mix() {
    let owner = Printed::card()
        .at(0.03, 0.05, "CARTE GRISE")
        .at(0.97, 0.05, "البطاقة الرمادية")
        .at(0.03, 0.20, "Numéro d'immatriculation")
        .at(0.49, 0.24, "رقم التسجيل")
        .at(0.03, 0.29, "80970-أ-30")
        .at(0.52, 0.20, "M.C. au Maroc")
        .at(0.97, 0.20, "أول استخدام بالمغرب")
        .at(0.52, 0.25, "06/02/2015")
        .at(0.52, 0.29, "Mutation le")
        .at(0.97, 0.29, "تاريخ انتقال الملكية")
        .at(0.52, 0.34, "--")
        .at(0.03, 0.50, "Première mise en circulation")
        .at(0.03, 0.59, "06/02/2014")
        .at(0.52, 0.50, "Date de fin de validité")
        .at(0.97, 0.54, "تاريخ نهاية الصلاحية")
        .at(0.52, 0.59, "02/04/2025");
    expect(
        &read(owner, technical_rows(&[])),
        &[
            ("numero_matricule_marocain.numero", "80970 أ 30"),
            ("mise_en_circulation_au_maroc.date", "06.02.2015"),
            ("mutation.date", "null"),
            ("mise_en_circulation.date", "06.02.2014"),
            ("valiadtion", "02.04.2025"),
        ],
    );
}
