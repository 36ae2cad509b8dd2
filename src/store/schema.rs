//! The tables as `diesel print-schema` describes them. Generated; never edited by hand.

diesel::table! {
    cin_data (id) {
        id -> Int4,
        cin -> Nullable<Varchar>,
        nom_fr -> Nullable<Varchar>,
        nom_ar -> Nullable<Varchar>,
        prenom_fr -> Nullable<Varchar>,
        prenom_ar -> Nullable<Varchar>,
        date_naissance -> Nullable<Date>,
        lieu_fr -> Nullable<Varchar>,
        lieu_ar -> Nullable<Varchar>,
        adresse_fr -> Nullable<Varchar>,
        adresse_ar -> Nullable<Varchar>,
        sexe -> Nullable<Varchar>,
        validite -> Nullable<Date>,
        pere_fr -> Nullable<Varchar>,
        pere_ar -> Nullable<Varchar>,
        mere_fr -> Nullable<Varchar>,
        mere_ar -> Nullable<Varchar>,
        numero_etat_civil -> Nullable<Varchar>,
        organisation_id -> Int8,
        created_at -> Nullable<Timestamptz>,
        updated_at -> Nullable<Timestamptz>,
        created_by -> Nullable<Int4>,
        status -> Varchar,
        confidence -> Nullable<Float8>,
        reading -> Nullable<Jsonb>,
    }
}

diesel::table! {
    document_versions (id) {
        id -> Int8,
        kind -> Varchar,
        record_id -> Int4,
        organisation_id -> Int8,
        state -> Jsonb,
        replaced_at -> Timestamptz,
        replaced_by -> Nullable<Int4>,
    }
}

diesel::table! {
    gris_data (id) {
        id -> Int4,
        numero_matricule_marocain -> Nullable<Varchar>,
        immatriculation_anterieure -> Nullable<Varchar>,
        date_premiere_immatriculation -> Nullable<Date>,
        date_derniere_immatriculation -> Nullable<Date>,
        date_mutation -> Nullable<Date>,
        marque -> Nullable<Varchar>,
        #[sql_name = "type"]
        type_ -> Nullable<Varchar>,
        genre -> Nullable<Varchar>,
        type_carburant -> Nullable<Varchar>,
        numero_chassis -> Nullable<Varchar>,
        nombre_cylindres -> Nullable<Int4>,
        puissance_fiscale -> Nullable<Int4>,
        restriction -> Nullable<Varchar>,
        usage_type -> Nullable<Varchar>,
        usage_description -> Nullable<Varchar>,
        nom_fr -> Nullable<Varchar>,
        nom_ar -> Nullable<Varchar>,
        prenom_fr -> Nullable<Varchar>,
        prenom_ar -> Nullable<Varchar>,
        adresse_fr -> Nullable<Varchar>,
        adresse_ar -> Nullable<Varchar>,
        date_validite -> Nullable<Date>,
        organisation_id -> Int8,
        created_at -> Nullable<Timestamptz>,
        updated_at -> Nullable<Timestamptz>,
        created_by -> Nullable<Int4>,
        status -> Varchar,
        confidence -> Nullable<Float8>,
        reading -> Nullable<Jsonb>,
    }
}

diesel::table! {
    organisations (id) {
        id -> Int8,
        name -> Varchar,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    permi_data (id) {
        id -> Int4,
        numero_permis -> Nullable<Varchar>,
        nom_fr -> Nullable<Varchar>,
        nom_ar -> Nullable<Varchar>,
        prenom_fr -> Nullable<Varchar>,
        prenom_ar -> Nullable<Varchar>,
        date_naissance -> Nullable<Date>,
        lieu_fr -> Nullable<Varchar>,
        lieu_ar -> Nullable<Varchar>,
        date_delivrance -> Nullable<Date>,
        date_expiration -> Nullable<Date>,
        categorie -> Nullable<Varchar>,
        organisation_id -> Int8,
        created_at -> Nullable<Timestamptz>,
        updated_at -> Nullable<Timestamptz>,
        created_by -> Nullable<Int4>,
        status -> Varchar,
        confidence -> Nullable<Float8>,
        reading -> Nullable<Jsonb>,
    }
}

diesel::table! {
    revoked_tokens (token_key) {
        token_key -> Bytea,
        expires_at -> Timestamptz,
        revoked_at -> Timestamptz,
    }
}

diesel::table! {
    users (id) {
        id -> Int4,
        email -> Nullable<Varchar>,
        hashed_password -> Nullable<Varchar>,
        full_name -> Nullable<Varchar>,
        organisation_id -> Int8,
        phone -> Nullable<Varchar>,
        address -> Nullable<Varchar>,
        job_title -> Nullable<Varchar>,
        department -> Nullable<Varchar>,
        created_at -> Nullable<Timestamptz>,
        last_login_at -> Nullable<Timestamptz>,
        is_administrator -> Bool,
        email_folded -> Nullable<Varchar>,
    }
}

diesel::joinable!(cin_data -> organisations (organisation_id));
diesel::joinable!(cin_data -> users (created_by));
diesel::joinable!(document_versions -> organisations (organisation_id));
diesel::joinable!(document_versions -> users (replaced_by));
diesel::joinable!(gris_data -> organisations (organisation_id));
diesel::joinable!(gris_data -> users (created_by));
diesel::joinable!(permi_data -> organisations (organisation_id));
diesel::joinable!(permi_data -> users (created_by));
diesel::joinable!(users -> organisations (organisation_id));

diesel::allow_tables_to_appear_in_same_query!(
    cin_data,
    document_versions,
    gris_data,
    organisations,
    permi_data,
    revoked_tokens,
    users,
);
