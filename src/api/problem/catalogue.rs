//! Every problem that a client can be told of, in three languages.
//!
//! A code is part of the interface and never changes its meaning. Texts say
//! what to do next. `{…}` stands for a member of the same problem.

use super::super::language::Text;

/// One kind of problem.
#[derive(Debug)]
pub(crate) struct Problem {
    /// The stable name.
    pub(crate) code: &'static str,
    /// The HTTP status.
    pub(crate) status: u16,
    /// What is wrong; the same for every occurrence.
    pub(crate) title: Text,
    /// What is wrong here, and what to do next.
    pub(crate) detail: Text,
}

/// Declares the problems and the list of them all.
macro_rules! problems {
    ($($name:ident $status:literal $code:literal
        fr $title_fr:literal $detail_fr:literal
        ar $title_ar:literal $detail_ar:literal
        en $title_en:literal $detail_en:literal)*) => {
        $(
            #[doc = $title_en]
            pub(crate) const $name: Problem = Problem {
                code: $code,
                status: $status,
                title: Text { fr: $title_fr, ar: $title_ar, en: $title_en },
                detail: Text { fr: $detail_fr, ar: $detail_ar, en: $detail_en },
            };
        )*

        /// All of them.
        pub(crate) const ALL: &[Problem] = &[$($name),*];
    };
}

problems! {
    MALFORMED_JSON 400 "malformed-json"
        fr "Corps JSON illisible" "Le corps de la requête doit être un objet JSON valide en UTF-8."
        ar "محتوى JSON غير صالح" "يجب أن يكون محتوى الطلب كائن JSON صالحا بترميز UTF-8."
        en "Malformed JSON body" "The request body must be a valid JSON object in UTF-8."
    BODY_TOO_LARGE 400 "body-too-large"
        fr "Corps trop volumineux" "Le corps JSON dépasse 64 Kio."
        ar "محتوى الطلب كبير جدا" "يتجاوز محتوى JSON حد 64 كيلوبايت."
        en "Body too large" "The JSON body exceeds 64 KiB."
    MISSING_MEMBER 400 "missing-member"
        fr "Champ manquant" "Le champ « {member} » est obligatoire."
        ar "حقل مفقود" "الحقل «{member}» إلزامي."
        en "Missing member" "The member \"{member}\" is required."
    INVALID_MEMBER 400 "invalid-member"
        fr "Champ invalide" "Le champ « {member} » n'a pas la forme attendue : un texte sans caractère de contrôle, de longueur raisonnable."
        ar "حقل غير صالح" "الحقل «{member}» ليس بالشكل المطلوب: نص بدون محارف تحكم وبطول معقول."
        en "Invalid member" "The member \"{member}\" does not have the expected form: a text without control characters, of reasonable length."
    INVALID_PARAMETER 400 "invalid-parameter"
        fr "Paramètre invalide" "Le paramètre « {parameter} » n'a pas la forme attendue ; voir la documentation de cette adresse."
        ar "معامل غير صالح" "المعامل «{parameter}» ليس بالشكل المطلوب؛ راجع توثيق هذا العنوان."
        en "Invalid parameter" "The parameter \"{parameter}\" does not have the expected form; see the documentation of this address."
    CURSOR_UNUSABLE 400 "cursor-unusable"
        fr "Curseur inutilisable" "Le curseur a été modifié ou appartient à une autre liste ; reprenez à la première page."
        ar "مؤشر غير صالح" "تم تعديل المؤشر أو أنه يخص قائمة أخرى؛ ابدأ من الصفحة الأولى."
        en "Unusable cursor" "The cursor was changed or belongs to another list; begin at the first page."
    NOT_CORRECTABLE 400 "not-correctable"
        fr "Champ non modifiable" "Seuls ces champs peuvent être corrigés : {columns}."
        ar "حقل غير قابل للتصحيح" "يمكن تصحيح هذه الحقول فقط: {columns}."
        en "Member cannot be corrected" "Only these members can be corrected: {columns}."
    NUMBER_TAKEN 409 "number-taken"
        fr "Numéro déjà enregistré" "Un autre document de l'organisation porte ce numéro ; corrigez celui-là, ou effacez l'un des deux."
        ar "الرقم مسجل من قبل" "توجد وثيقة أخرى في المؤسسة بهذا الرقم؛ صححها أو احذف إحداهما."
        en "Number already recorded" "Another document of the organisation has this number; correct that one, or erase one of the two."
    STALE_RECORD 412 "stale-record"
        fr "Document modifié entre-temps" "Le document a changé depuis que vous l'avez lu ; relisez-le et recommencez avec son nouvel ETag."
        ar "تغيرت الوثيقة في الأثناء" "تغيرت الوثيقة منذ أن قرأتها؛ أعد قراءتها وحاول بقيمة ETag الجديدة."
        en "Record changed meanwhile" "The record has changed since you read it; read it again and retry with its new ETag."
    IDEMPOTENCY_KEY_INVALID 400 "idempotency-key-invalid"
        fr "Idempotency-Key invalide" "L'en-tête Idempotency-Key compte de 1 à 255 caractères ASCII visibles, tels qu'un UUID."
        ar "قيمة Idempotency-Key غير صالحة" "يتكون الرأس Idempotency-Key من 1 إلى 255 محرف ASCII مرئي، مثل UUID."
        en "Invalid Idempotency-Key" "The header Idempotency-Key has 1 to 255 visible ASCII characters, such as a UUID."
    IDEMPOTENCY_KEY_REUSED 422 "idempotency-key-reused"
        fr "Idempotency-Key déjà utilisée" "Cette clé a servi à une autre requête ; choisissez-en une nouvelle pour chaque envoi."
        ar "قيمة Idempotency-Key مستعملة" "استعمل هذا المفتاح لطلب آخر؛ اختر مفتاحا جديدا لكل إرسال."
        en "Idempotency-Key already used" "This key was used for another request; choose a new one for each upload."
    IDEMPOTENCY_UNDER_WAY 409 "idempotency-under-way"
        fr "Requête déjà en cours" "Une requête avec cette clé est en cours ; réessayez dans une seconde pour obtenir sa réponse."
        ar "الطلب قيد المعالجة" "يوجد طلب بهذا المفتاح قيد المعالجة؛ أعد المحاولة بعد ثانية للحصول على جوابه."
        en "Request already under way" "A request with this key is under way; try again in a second to get its answer."
    PERSON_LINKS_OFF 404 "person-links-off"
        fr "Rapprochement désactivé" "Ce service ne rassemble pas les documents d'une même personne ; l'exploitant peut l'activer (PERSON_LINKS)."
        ar "ربط الوثائق معطل" "لا تجمع هذه الخدمة وثائق الشخص الواحد؛ يمكن للمشغل تفعيل ذلك (PERSON_LINKS)."
        en "Person links are off" "This service does not put the documents of one person together; its operator can turn that on (PERSON_LINKS)."
    INVALID_EMAIL 400 "invalid-email"
        fr "Adresse e-mail invalide" "Indiquez une adresse e-mail de la forme nom@domaine.ma."
        ar "بريد إلكتروني غير صالح" "أدخل عنوان بريد إلكتروني على شكل name@domain.ma."
        en "Invalid email address" "Give an email address such as name@domain.ma."
    PASSWORD_LENGTH 400 "password-length"
        fr "Mot de passe de mauvaise longueur" "Le mot de passe doit compter entre {minimum} et {maximum} caractères."
        ar "طول كلمة المرور غير مناسب" "يجب أن تتكون كلمة المرور من {minimum} إلى {maximum} حرفا."
        en "Password of the wrong length" "The password must have between {minimum} and {maximum} characters."
    EMAIL_TAKEN 409 "email-taken"
        fr "Adresse e-mail déjà utilisée" "Un compte existe déjà avec cette adresse ; connectez-vous."
        ar "البريد الإلكتروني مستعمل" "يوجد حساب بهذا العنوان؛ سجل الدخول."
        en "Email address already in use" "An account with this address exists; log in."
    WRONG_CREDENTIALS 401 "wrong-credentials"
        fr "Identifiants invalides" "L'adresse e-mail ou le mot de passe est incorrect."
        ar "بيانات الدخول غير صحيحة" "البريد الإلكتروني أو كلمة المرور غير صحيحة."
        en "Invalid credentials" "The email address or the password is wrong."
    UNAUTHENTICATED 401 "unauthenticated"
        fr "Authentification requise" "Un jeton valide est nécessaire ; connectez-vous pour en obtenir un."
        ar "المصادقة مطلوبة" "يلزم رمز دخول صالح؛ سجل الدخول للحصول عليه."
        en "Authentication required" "A valid token is needed; log in to obtain one."
    PASSWORD_COMMON 400 "password-common"
        fr "Mot de passe trop facile à deviner" "Ce mot de passe est parmi les premiers que l'on essaie ; choisissez-en un autre, par exemple quelques mots sans rapport entre eux."
        ar "كلمة مرور سهلة التخمين" "كلمة المرور هذه من أول ما يجرب؛ اختر غيرها، مثلا بضع كلمات لا علاقة بينها."
        en "Password too easy to guess" "This password is among the first that are tried; choose another, such as a few words that have nothing to do with each other."
    REFRESH_TOKEN_UNUSABLE 401 "refresh-token-unusable"
        fr "Session terminée" "Le jeton de renouvellement est inconnu, expiré ou déjà utilisé ; reconnectez-vous."
        ar "انتهت الجلسة" "رمز التجديد غير معروف أو منتهي الصلاحية أو سبق استعماله؛ سجل الدخول من جديد."
        en "Session ended" "The refresh token is unknown, expired or was used before; log in again."
    REGISTRATION_CLOSED 403 "registration-closed"
        fr "Inscription fermée" "Aucun compte ne peut être créé sur ce service."
        ar "التسجيل مغلق" "لا يمكن إنشاء أي حساب في هذه الخدمة."
        en "Registration closed" "No account can be made on this service."
    INVITATION_REQUIRED 403 "invitation-required"
        fr "Invitation nécessaire" "Demandez une invitation à un administrateur de votre organisation et envoyez-la dans « invitation »."
        ar "الدعوة ضرورية" "اطلب دعوة من مدير مؤسستك وأرسلها في «invitation»."
        en "Invitation required" "Ask an admin of your organisation for an invitation and send it as \"invitation\"."
    INVITATION_UNUSABLE 400 "invitation-unusable"
        fr "Invitation inutilisable" "L'invitation est inconnue, expirée, déjà utilisée ou destinée à une autre adresse ; demandez-en une nouvelle."
        ar "دعوة غير صالحة" "الدعوة غير معروفة أو منتهية أو مستعملة أو موجهة إلى عنوان آخر؛ اطلب دعوة جديدة."
        en "Invitation unusable" "The invitation is unknown, expired, used or meant for another address; ask for a new one."
    EXTERNAL_SIGN_IN_OFF 404 "external-sign-in-off"
        fr "Connexion externe désactivée" "Ce service n'accepte aucun fournisseur d'identité ; connectez-vous avec un mot de passe."
        ar "تسجيل الدخول الخارجي معطل" "لا تقبل هذه الخدمة أي مزود هوية؛ سجل الدخول بكلمة مرور."
        en "External sign-in is off" "This service accepts no provider of identity; log in with a password."
    IDENTITY_TOKEN_UNUSABLE 401 "identity-token-unusable"
        fr "Jeton d'identité refusé" "Le jeton du fournisseur d'identité n'est pas valable ici, a expiré, a déjà été échangé ou ne porte pas d'adresse vérifiée ; reconnectez-vous auprès du fournisseur."
        ar "رمز الهوية مرفوض" "رمز مزود الهوية غير صالح هنا أو منتهي أو سبق استعماله أو لا يحمل عنوانا مؤكدا؛ سجل الدخول لدى المزود من جديد."
        en "Identity token refused" "The token of the identity provider is not valid here, has expired, was exchanged before or carries no verified address; sign in with the provider again."
    LINK_REQUIRED 409 "link-required"
        fr "Compte à relier" "Un compte existe déjà avec cette adresse ; connectez-vous avec son mot de passe, puis renvoyez le jeton d'identité avec ce jeton d'accès pour les relier."
        ar "يجب ربط الحساب" "يوجد حساب بهذا العنوان؛ سجل الدخول بكلمة مروره ثم أعد إرسال رمز الهوية مع رمز الدخول لربطهما."
        en "Account to be linked" "An account with this address exists; log in with its password, then send the identity token again with that access token to link the two."
    LINKED_ELSEWHERE 409 "linked-elsewhere"
        fr "Identité déjà reliée" "Cette identité est reliée à un autre compte."
        ar "الهوية مرتبطة بحساب آخر" "هذه الهوية مرتبطة بحساب آخر."
        en "Identity linked elsewhere" "This identity is linked to another account."
    TOO_MANY_ATTEMPTS 429 "too-many-attempts"
        fr "Trop d'échecs de connexion" "Trop de mots de passe erronés ; réessayez dans {after} secondes."
        ar "محاولات دخول فاشلة كثيرة" "كلمات مرور خاطئة كثيرة؛ أعد المحاولة بعد {after} ثانية."
        en "Too many failed log-ins" "Too many wrong passwords; try again in {after} seconds."
    TOO_MANY_REQUESTS 429 "too-many-requests"
        fr "Trop de requêtes" "Vous avez atteint la limite ; réessayez dans {after} secondes."
        ar "طلبات كثيرة جدا" "بلغت الحد المسموح به؛ أعد المحاولة بعد {after} ثانية."
        en "Too many requests" "You have reached the limit; try again in {after} seconds."
    TOO_MANY_AT_ONCE 429 "too-many-at-once"
        fr "Trop de documents à la fois" "Attendez la réponse pour les documents en cours avant d'en envoyer d'autres."
        ar "وثائق كثيرة في آن واحد" "انتظر نتيجة الوثائق الجارية قبل إرسال غيرها."
        en "Too many documents at once" "Wait for the answers to the documents under way before you send more."
    LAST_ADMIN 409 "last-admin"
        fr "Dernier administrateur" "L'organisation doit garder un administrateur ; nommez-en d'abord un autre."
        ar "آخر مدير" "يجب أن يبقى للمؤسسة مدير واحد على الأقل؛ عين مديرا آخر أولا."
        en "Last admin" "The organisation must keep an admin; name another one first."
    FORBIDDEN 403 "forbidden"
        fr "Accès refusé" "Votre rôle ou les droits de votre clé ne permettent pas cette opération ; adressez-vous à un administrateur."
        ar "الولوج مرفوض" "دورك أو صلاحيات مفتاحك لا تسمح بهذه العملية؛ اتصل بمدير."
        en "Access denied" "Your role, or the scopes of your key, do not allow this; ask an admin."
    NOT_FOUND 404 "not-found"
        fr "Ressource introuvable" "Rien n'existe à cette adresse."
        ar "المورد غير موجود" "لا يوجد شيء في هذا العنوان."
        en "Not found" "There is nothing at this address."
    METHOD_NOT_ALLOWED 405 "method-not-allowed"
        fr "Méthode non autorisée" "Cette adresse n'accepte pas cette méthode HTTP."
        ar "طريقة غير مسموح بها" "لا يقبل هذا العنوان طريقة HTTP هذه."
        en "Method not allowed" "This address does not accept this HTTP method."
    BAD_REQUEST 400 "bad-request"
        fr "Requête invalide" "La requête ne peut pas être comprise."
        ar "طلب غير صالح" "لا يمكن فهم الطلب."
        en "Bad request" "The request cannot be understood."
    MALFORMED_MULTIPART 400 "malformed-multipart"
        fr "Envoi multipart illisible" "Envoyez les images en multipart/form-data, dans les parties « recto » et « verso »."
        ar "إرسال multipart غير صالح" "أرسل الصور بصيغة multipart/form-data في الجزأين «recto» و«verso»."
        en "Malformed multipart body" "Send the pictures as multipart/form-data, in the parts \"recto\" and \"verso\"."
    PART_MISSING 400 "part-missing"
        fr "Image manquante" "La partie « {part} » est obligatoire pour ce document."
        ar "صورة مفقودة" "الجزء «{part}» إلزامي لهذه الوثيقة."
        en "Missing picture" "The part \"{part}\" is required for this document."
    PART_EMPTY 400 "part-empty"
        fr "Image vide" "La partie « {part} » ne contient aucun octet ; envoyez la photo à nouveau."
        ar "صورة فارغة" "الجزء «{part}» فارغ؛ أعد إرسال الصورة."
        en "Empty picture" "The part \"{part}\" holds no bytes; send the photo again."
    PART_TWICE 400 "part-twice"
        fr "Image envoyée deux fois" "La partie « {part} » ne doit figurer qu'une fois."
        ar "صورة مرسلة مرتين" "يجب أن يرد الجزء «{part}» مرة واحدة فقط."
        en "Picture sent twice" "The part \"{part}\" must occur once."
    PART_TOO_LARGE 400 "part-too-large"
        fr "Image trop volumineuse" "Une image ne doit pas dépasser 10 Mo ; réduisez-la ou reprenez la photo."
        ar "حجم الصورة كبير جدا" "يجب ألا تتجاوز الصورة 10 ميغابايت؛ صغرها أو أعد التقاطها."
        en "Picture too large" "A picture must not exceed 10 MB; reduce it or retake the photo."
    TOO_MANY_PARTS 400 "too-many-parts"
        fr "Trop de parties" "Envoyez au plus deux images : « recto » et « verso »."
        ar "أجزاء كثيرة جدا" "أرسل صورتين على الأكثر: «recto» و«verso»."
        en "Too many parts" "Send two pictures at most: \"recto\" and \"verso\"."
    UPLOAD_TOO_LARGE 400 "upload-too-large"
        fr "Envoi trop volumineux" "L'envoi entier ne doit pas dépasser 20 Mo."
        ar "الإرسال كبير جدا" "يجب ألا يتجاوز الإرسال كله 20 ميغابايت."
        en "Upload too large" "The whole upload must not exceed 20 MB."
    UPLOAD_INTERRUPTED 400 "upload-interrupted"
        fr "Envoi interrompu" "L'envoi s'est arrêté avant la fin ou a pris plus de 30 secondes ; recommencez."
        ar "انقطع الإرسال" "توقف الإرسال قبل نهايته أو تجاوز 30 ثانية؛ أعد المحاولة."
        en "Upload interrupted" "The upload stopped before its end or took longer than 30 seconds; try again."
    IMAGE_UNDECODABLE 400 "image-undecodable"
        fr "Image non reconnue" "La partie « {part} » n'est pas une image JPEG, PNG, BMP, TIFF ou WebP, quel que soit son nom."
        ar "صورة غير معروفة" "الجزء «{part}» ليس صورة JPEG أو PNG أو BMP أو TIFF أو WebP مهما كان اسمه."
        en "Unrecognised picture" "The part \"{part}\" is not a JPEG, PNG, BMP, TIFF or WebP picture, whatever its name says."
    IMAGE_DAMAGED 400 "image-damaged"
        fr "Image endommagée" "L'image « {part} » est incomplète ou abîmée ; envoyez-la à nouveau ou reprenez la photo."
        ar "صورة تالفة" "الصورة «{part}» ناقصة أو تالفة؛ أعد إرسالها أو التقاطها."
        en "Damaged picture" "The picture \"{part}\" is incomplete or damaged; send it again or retake the photo."
    IMAGE_TOO_MANY_PIXELS 400 "image-too-many-pixels"
        fr "Image trop grande" "L'image « {part} » compte trop de pixels ; réduisez-la ou reprenez la photo."
        ar "أبعاد الصورة كبيرة جدا" "الصورة «{part}» بها عدد كبير جدا من البكسلات؛ صغرها أو أعد التقاطها."
        en "Too many pixels" "The picture \"{part}\" has too many pixels; reduce it or retake the photo."
    IMAGE_TOO_SMALL 400 "image-too-small"
        fr "Image trop petite" "Le texte de l'image « {part} » ne peut pas être lu à cette taille ; reprenez la photo de plus près."
        ar "صورة صغيرة جدا" "لا يمكن قراءة نص الصورة «{part}» بهذا الحجم؛ أعد التقاطها من مسافة أقرب."
        en "Picture too small" "The print on the picture \"{part}\" cannot be read at this size; retake the photo from closer."
    IMAGE_BLURRED 400 "image-blurred"
        fr "Image floue" "Le texte de l'image « {part} » est flou ; tenez l'appareil immobile, attendez la mise au point et reprenez la photo."
        ar "صورة غير واضحة" "نص الصورة «{part}» غير واضح؛ ثبت الجهاز وانتظر ضبط الوضوح ثم أعد التصوير."
        en "Blurred picture" "The print on the picture \"{part}\" is blurred; hold the camera still, wait for it to focus and retake the photo."
    IMAGE_GLARE 400 "image-glare"
        fr "Reflet sur l'image" "Un reflet couvre une grande partie de la carte sur l'image « {part} » ; inclinez-la ou éloignez la lumière et reprenez la photo."
        ar "انعكاس على الصورة" "يغطي انعكاس الضوء جزءا كبيرا من البطاقة في الصورة «{part}»؛ أملها أو أبعد الضوء ثم أعد التصوير."
        en "Glare on the picture" "A reflection covers much of the card on the picture \"{part}\"; tilt it or move the light and retake the photo."
    IMAGE_TOO_DARK 400 "image-too-dark"
        fr "Image trop sombre" "L'image « {part} » est trop sombre ; reprenez la photo avec plus de lumière."
        ar "صورة مظلمة جدا" "الصورة «{part}» مظلمة جدا؛ أعد التصوير في إضاءة أقوى."
        en "Picture too dark" "The picture \"{part}\" is too dark; retake the photo in more light."
    NOT_A_DOCUMENT 400 "not-a-document"
        fr "Aucun document reconnu" "L'image « {part} » ne montre aucun document connu ; reprenez la photo à plat, nette et bien éclairée, le document entier dans le cadre."
        ar "لم يتم التعرف على أي وثيقة" "لا تظهر الصورة «{part}» أي وثيقة معروفة؛ أعد تصوير الوثيقة كاملة ومسطحة وواضحة وفي إضاءة جيدة."
        en "No document recognised" "The picture \"{part}\" shows no known document; retake the photo flat, sharp and well lit, with the whole document in the frame."
    WRONG_DOCUMENT 400 "wrong-document"
        fr "Mauvais document" "L'image « {part} » montre un autre document : {found_name}. Envoyez-le à l'adresse qui lui correspond, ou photographiez le document demandé."
        ar "وثيقة غير مطابقة" "تظهر الصورة «{part}» وثيقة أخرى: {found_name}. أرسلها إلى العنوان المخصص لها أو صور الوثيقة المطلوبة."
        en "Wrong document" "The picture \"{part}\" shows another document: {found_name}. Send it to the address of its kind, or photograph the document asked for."
    SAME_SIDE_TWICE 400 "same-side-twice"
        fr "Deux fois la même face" "Les deux images montrent la même face ; photographiez aussi l'autre face du document."
        ar "نفس الوجه مرتين" "تظهر الصورتان نفس الوجه؛ صور الوجه الآخر للوثيقة أيضا."
        en "The same side twice" "Both pictures show the same side; photograph the other side of the document too."
    SIDE_MISSING 400 "side-missing"
        fr "Face manquante" "Il manque une face du document ; photographiez aussi l'autre face."
        ar "وجه مفقود" "ينقص أحد وجهي الوثيقة؛ صور الوجه الآخر أيضا."
        en "Side missing" "A side of the document is missing; photograph the other side too."
    NUMBER_UNREADABLE 400 "number-unreadable"
        fr "Numéro illisible" "Le document est reconnu mais son numéro n'a pas pu être lu ; reprenez la photo plus près, sans reflet ni flou."
        ar "رقم غير مقروء" "تم التعرف على الوثيقة لكن تعذرت قراءة رقمها؛ أعد التصوير من مسافة أقرب بدون انعكاس أو ضبابية."
        en "Number unreadable" "The document is recognised but its number could not be read; retake the photo from closer, without glare or blur."
    OCR_DEADLINE 400 "ocr-deadline"
        fr "Lecture trop longue" "La lecture de l'image a été abandonnée car elle prenait trop de temps ; cadrez le document seul et reprenez la photo."
        ar "القراءة طويلة جدا" "تم التخلي عن قراءة الصورة لأنها استغرقت وقتا طويلا؛ صور الوثيقة وحدها من جديد."
        en "Reading took too long" "Reading the picture was given up because it took too long; frame the document alone and retake the photo."
    OCR_FAILED 400 "ocr-failed"
        fr "Lecture impossible" "L'image n'a pas pu être lue ; reprenez la photo."
        ar "تعذرت القراءة" "تعذرت قراءة الصورة؛ أعد التقاطها."
        en "Reading failed" "The picture could not be read; retake the photo."
    BUSY 503 "busy"
        fr "Service saturé" "Trop de demandes sont en cours ; réessayez dans quelques secondes."
        ar "الخدمة مشغولة" "هناك طلبات كثيرة قيد المعالجة؛ أعد المحاولة بعد ثوان."
        en "Service busy" "Too many requests are under way; try again in a few seconds."
    UNAVAILABLE 503 "unavailable"
        fr "Service momentanément indisponible" "Un service interne ne répond pas ; réessayez dans quelques secondes."
        ar "الخدمة غير متاحة مؤقتا" "إحدى الخدمات الداخلية لا تستجيب؛ أعد المحاولة بعد ثوان."
        en "Service temporarily unavailable" "An internal service does not answer; try again in a few seconds."
    READ_ONLY 503 "read-only"
        fr "Enregistrement momentanément impossible" "La base de données n'accepte pas d'écriture pour l'instant ; la lecture fonctionne. Réessayez dans quelques secondes."
        ar "التسجيل غير ممكن مؤقتا" "قاعدة البيانات لا تقبل الكتابة حاليا، والقراءة متاحة؛ أعد المحاولة بعد ثوان."
        en "Nothing can be saved for the moment" "The database takes no writes now; reading works. Try again in a few seconds."
    INTERNAL 500 "internal"
        fr "Erreur interne" "Une erreur inattendue s'est produite ; elle a été consignée sous le numéro de requête."
        ar "خطأ داخلي" "حدث خطأ غير متوقع؛ تم تسجيله برقم الطلب."
        en "Internal error" "An unexpected error occurred; it was logged under the request id."
}

/// The name of a document kind in a sentence; the slug where none is known.
pub(crate) fn kind_name(slug: &'static str) -> Text {
    match slug {
        "cin" => Text {
            fr: "une carte nationale d'identité",
            ar: "بطاقة التعريف الوطنية",
            en: "a national identity card",
        },
        "permis" => {
            Text {
                fr: "un permis de conduire", ar: "رخصة السياقة", en: "a driving licence"
            }
        }
        "gris" => Text {
            fr: "une carte grise",
            ar: "البطاقة الرمادية",
            en: "a vehicle registration card",
        },
        other => Text { fr: other, ar: other, en: other },
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_code_is_used_once() {
        let codes: HashSet<_> = ALL.iter().map(|problem| problem.code).collect();
        assert_eq!(codes.len(), ALL.len());
    }

    #[test]
    fn every_language_names_the_same_members() {
        let members = |text: &str| {
            let mut names: Vec<String> = text
                .split('{')
                .skip(1)
                .filter_map(|rest| rest.split_once('}').map(|(name, _)| name.to_owned()))
                .collect();
            names.sort();
            names
        };
        for problem in ALL {
            let detail = &problem.detail;
            assert_eq!(members(detail.fr), members(detail.ar), "{}", problem.code);
            assert_eq!(members(detail.fr), members(detail.en), "{}", problem.code);
        }
    }
}
