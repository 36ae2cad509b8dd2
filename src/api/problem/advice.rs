//! What a person should do about a picture, in three languages.

use super::super::language::Text;
use crate::imaging::quality::Fault;

/// The advice for a fault.
pub(crate) const fn text(fault: Fault) -> Text {
    match fault {
        Fault::TooSmall => Text {
            fr: "Photographiez de plus près : la carte doit remplir le cadre.",
            ar: "التقط الصورة من مسافة أقرب: يجب أن تملأ البطاقة الإطار.",
            en: "Photograph from closer: the card should fill the frame.",
        },
        Fault::Blurred => Text {
            fr: "Tenez l'appareil immobile et attendez la mise au point.",
            ar: "ثبت الجهاز وانتظر ضبط الوضوح.",
            en: "Hold the camera still and wait for it to focus.",
        },
        Fault::Glare => Text {
            fr: "Inclinez la carte ou éloignez la lumière pour éviter le reflet.",
            ar: "أمل البطاقة أو أبعد الضوء لتفادي الانعكاس.",
            en: "Tilt the card or move the light to avoid the reflection.",
        },
        Fault::Dark => Text {
            fr: "Photographiez avec plus de lumière.",
            ar: "التقط الصورة في إضاءة أقوى.",
            en: "Photograph in more light.",
        },
        Fault::Cropped => Text {
            fr: "Cadrez la carte entière, avec une marge autour.",
            ar: "ضع البطاقة كاملة داخل الإطار مع هامش حولها.",
            en: "Frame the whole card, with a margin around it.",
        },
        Fault::NoOutline => Text {
            fr: "Posez la carte à plat sur un fond uni qui contraste avec elle.",
            ar: "ضع البطاقة مسطحة على خلفية موحدة اللون مغايرة للونها.",
            en: "Lay the card flat on a plain ground that contrasts with it.",
        },
        Fault::NoPrint => Text {
            fr: "Aucun texte n'est visible : photographiez la face imprimée du document.",
            ar: "لا يظهر أي نص: صور الوجه المطبوع للوثيقة.",
            en: "No print can be seen: photograph a printed side of the document.",
        },
        Fault::Photocopy => Text {
            fr: "L'image semble être une photocopie ; photographiez l'original.",
            ar: "تبدو الصورة نسخة مصورة؛ صور الوثيقة الأصلية.",
            en: "The picture looks like a photocopy; photograph the original.",
        },
        Fault::Screenshot => Text {
            fr: "L'image semble être une capture d'écran ; photographiez l'original.",
            ar: "تبدو الصورة لقطة شاشة؛ صور الوثيقة الأصلية.",
            en: "The picture looks like a screenshot; photograph the original.",
        },
    }
}
