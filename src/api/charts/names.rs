//! What pictures of charts call things. JSON has the names of the contract, in French.

use chrono::{Datelike, NaiveDate};

use crate::api::language::{Language, Text};
use crate::documents::statistics::town_as_written;

/// The kinds of documents: identity cards, driving licences, vehicle registrations.
pub(super) const KINDS: [Text; 3] = [
    Text {
        fr: "Cartes d'identité", ar: "بطائق التعريف الوطنية", en: "Identity cards"
    },
    Text { fr: "Permis de conduire", ar: "رخص السياقة", en: "Driving licences" },
    Text {
        fr: "Cartes grises", ar: "البطائق الرمادية", en: "Vehicle registrations"
    },
];

/// The title of the composed picture of all charts.
pub(super) const DASHBOARD: Text =
    Text { fr: "Tableau de bord", ar: "لوحة القيادة", en: "Dashboard" };
/// The title of the composed picture of the home screen.
pub(super) const ESSENTIAL: Text =
    Text { fr: "L'essentiel", ar: "الأساسي", en: "Essentials" };
/// Titles of the charts.
pub(super) const OVERVIEW: Text =
    Text {
        fr: "Documents par type", ar: "الوثائق حسب النوع", en: "Documents by type"
    };
pub(super) const GENDERS: Text = Text {
    fr: "Cartes d'identité par sexe",
    ar: "بطائق التعريف حسب الجنس",
    en: "Identity cards by sex",
};
pub(super) const CITIES: Text = Text {
    fr: "Cartes d'identité par ville",
    ar: "بطائق التعريف حسب المدينة",
    en: "Identity cards by town",
};
pub(super) const CATEGORIES: Text = Text {
    fr: "Permis de conduire par catégorie",
    ar: "رخص السياقة حسب الصنف",
    en: "Driving licences by category",
};
pub(super) const USAGES: Text = Text {
    fr: "Cartes grises par usage",
    ar: "البطائق الرمادية حسب الاستعمال",
    en: "Vehicle registrations by usage",
};
pub(super) const MONTHS: Text = Text {
    fr: "Documents des sept derniers mois",
    ar: "وثائق الأشهر السبعة الأخيرة",
    en: "Documents of the last seven months",
};
pub(super) const DAYS: Text = Text {
    fr: "Documents des sept derniers jours",
    ar: "وثائق الأيام السبعة الأخيرة",
    en: "Documents of the last seven days",
};
pub(super) const EVOLUTION: Text = Text {
    fr: "Premières mises en circulation par mois",
    ar: "أول شروع في الاستخدام حسب الشهر",
    en: "First circulations by month",
};
pub(super) const EVOLUTION_BY_YEAR: Text = Text {
    fr: "Premières mises en circulation par année",
    ar: "أول شروع في الاستخدام حسب السنة",
    en: "First circulations by year",
};

/// What stands under the months.
pub(super) const PRECISION: Text = Text {
    fr: "Sous chaque mois : la précision attendue des lectures",
    ar: "تحت كل شهر: الدقة المتوقعة للقراءات",
    en: "Under each month: the expected precision of the readings",
};
pub(super) const DOCUMENTS: Text = Text { fr: "Documents", ar: "الوثائق", en: "Documents" };
pub(super) const VEHICLES: Text = Text { fr: "Véhicules", ar: "المركبات", en: "Vehicles" };
pub(super) const MEN: Text = Text { fr: "Hommes", ar: "رجال", en: "Men" };
pub(super) const WOMEN: Text = Text { fr: "Femmes", ar: "نساء", en: "Women" };
pub(super) const UNSPECIFIED: Text =
    Text { fr: "Non spécifié", ar: "غير محدد", en: "Not specified" };
pub(super) const OTHERS: Text = Text { fr: "Autres", ar: "أخرى", en: "Others" };

/// The five usages of the contract; others are written as they are.
const USAGE_NAMES: [Text; 5] = [
    Text { fr: "Particulier", ar: "خصوصي", en: "Private" },
    Text { fr: "Transport de marchandises", ar: "نقل البضائع", en: "Goods transport" },
    Text { fr: "Transport en commun", ar: "النقل العمومي", en: "Public transport" },
    Text { fr: "Location avec chauffeur", ar: "كراء مع سائق", en: "Hire with driver" },
    Text {
        fr: "Location sans chauffeur", ar: "كراء بدون سائق", en: "Hire without driver"
    },
];

/// Months as they are called in Morocco.
const MONTH_NAMES: [Text; 12] = [
    Text { fr: "Jan", ar: "يناير", en: "Jan" },
    Text { fr: "Fév", ar: "فبراير", en: "Feb" },
    Text { fr: "Mar", ar: "مارس", en: "Mar" },
    Text { fr: "Avr", ar: "أبريل", en: "Apr" },
    Text { fr: "Mai", ar: "ماي", en: "May" },
    Text { fr: "Juin", ar: "يونيو", en: "Jun" },
    Text { fr: "Juil", ar: "يوليوز", en: "Jul" },
    Text { fr: "Août", ar: "غشت", en: "Aug" },
    Text { fr: "Sep", ar: "شتنبر", en: "Sep" },
    Text { fr: "Oct", ar: "أكتوبر", en: "Oct" },
    Text { fr: "Nov", ar: "نونبر", en: "Nov" },
    Text { fr: "Déc", ar: "دجنبر", en: "Dec" },
];

const WEEKDAY_NAMES: [Text; 7] = [
    Text { fr: "Lun", ar: "الإثنين", en: "Mon" },
    Text { fr: "Mar", ar: "الثلاثاء", en: "Tue" },
    Text { fr: "Mer", ar: "الأربعاء", en: "Wed" },
    Text { fr: "Jeu", ar: "الخميس", en: "Thu" },
    Text { fr: "Ven", ar: "الجمعة", en: "Fri" },
    Text { fr: "Sam", ar: "السبت", en: "Sat" },
    Text { fr: "Dim", ar: "الأحد", en: "Sun" },
];

/// The name of a month, without its year.
pub(super) fn month(day: NaiveDate, language: Language) -> &'static str {
    MONTH_NAMES[day.month0() as usize].in_language(language)
}

/// The name of a day of the week.
pub(super) fn weekday(day: NaiveDate, language: Language) -> &'static str {
    WEEKDAY_NAMES[day.weekday().num_days_from_monday() as usize].in_language(language)
}

/// The name of a town that cards were counted in.
pub(super) fn town(town: Option<&str>, language: Language) -> String {
    let Some(town) = town else { return OTHERS.in_language(language).to_owned() };
    let Some((french, arabic)) = town_as_written(town) else { return town.to_owned() };
    if language == Language::Arabic { arabic.to_owned() } else { french.to_owned() }
}

/// The name of a category of driving licences.
pub(super) fn category(category: Option<&str>, language: Language) -> String {
    let Some(category) = category else { return UNSPECIFIED.in_language(language).to_owned() };
    let kind = Text { fr: "Catégorie", ar: "الصنف", en: "Category" };
    format!("{} {category}", kind.in_language(language))
}

/// The name of a usage.
pub(super) fn usage(usage: Option<&str>, language: Language) -> String {
    let Some(usage) = usage else { return UNSPECIFIED.in_language(language).to_owned() };
    let known = USAGE_NAMES.iter().find(|known| known.fr == usage);
    known.map_or_else(|| usage.to_owned(), |known| known.in_language(language).to_owned())
}
