//! The tables as `diesel print-schema` describes them. Generated; never edited by hand.

diesel::table! {
    access_changes (id) {
        id -> Int8,
        user_id -> Nullable<Int4>,
        key_id -> Nullable<Int8>,
        changed_at -> Timestamptz,
    }
}

diesel::table! {
    api_keys (id) {
        id -> Int8,
        organisation_id -> Int8,
        name -> Varchar,
        prefix -> Varchar,
        key_hash -> Bytea,
        scopes -> Varchar,
        created_by -> Nullable<Int4>,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        last_used_at -> Nullable<Timestamptz>,
        revoked_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    audit_entries (organisation_id, sequence) {
        organisation_id -> Int8,
        sequence -> Int8,
        at -> Timestamptz,
        actor -> Varchar,
        actor_id -> Nullable<Int8>,
        action -> Varchar,
        subject -> Nullable<Varchar>,
        subject_id -> Nullable<Int8>,
        network -> Nullable<Varchar>,
        request_id -> Nullable<Varchar>,
        details -> Varchar,
        key_id -> Varchar,
        hash -> Bytea,
    }
}

diesel::table! {
    audit_heads (organisation_id) {
        organisation_id -> Int8,
        sequence -> Int8,
        hash -> Bytea,
    }
}

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
        revision -> Int4,
        corrections -> Nullable<Jsonb>,
        need -> Float8,
        pictures_digest -> Nullable<Bytea>,
        town -> Nullable<Varchar>,
    }
}

diesel::table! {
    document_images (id) {
        id -> Int8,
        organisation_id -> Int8,
        kind -> Varchar,
        record_id -> Int4,
        side -> Varchar,
        key_id -> Varchar,
        wrapped_key -> Bytea,
        sealed -> Bytea,
        created_at -> Timestamptz,
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
        cause -> Varchar,
    }
}

diesel::table! {
    external_identities (issuer, subject) {
        issuer -> Varchar,
        subject -> Varchar,
        user_id -> Int4,
        created_at -> Timestamptz,
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
        revision -> Int4,
        corrections -> Nullable<Jsonb>,
        need -> Float8,
        pictures_digest -> Nullable<Bytea>,
    }
}

diesel::table! {
    idempotency_keys (organisation_id, caller, key_hash) {
        organisation_id -> Int8,
        caller -> Varchar,
        key_hash -> Bytea,
        request_hash -> Bytea,
        claimed_at -> Timestamptz,
        kind -> Nullable<Varchar>,
        record_id -> Nullable<Int4>,
        answer -> Nullable<Jsonb>,
    }
}

diesel::table! {
    invitations (id) {
        id -> Int8,
        organisation_id -> Int8,
        email -> Varchar,
        role -> Varchar,
        token_hash -> Bytea,
        created_by -> Nullable<Int4>,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    known_networks (user_id, network) {
        user_id -> Int4,
        network -> Bytea,
        last_used_at -> Timestamptz,
    }
}

diesel::table! {
    organisations (id) {
        id -> Int8,
        name -> Varchar,
        created_at -> Timestamptz,
        retention_days -> Nullable<Int4>,
        retention_set_at -> Nullable<Timestamptz>,
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
        revision -> Int4,
        corrections -> Nullable<Jsonb>,
        need -> Float8,
        pictures_digest -> Nullable<Bytea>,
    }
}

diesel::table! {
    record_counts (organisation_id, dimension, key, kind) {
        organisation_id -> Int8,
        kind -> Varchar,
        dimension -> Varchar,
        key -> Varchar,
        records -> Int8,
        judged -> Int8,
        confidence -> Int8,
    }
}

diesel::table! {
    record_generations (organisation_id) {
        organisation_id -> Int8,
        generation -> Int8,
    }
}

diesel::table! {
    refresh_tokens (token_hash) {
        token_hash -> Bytea,
        family -> Uuid,
        user_id -> Int4,
        expires_at -> Timestamptz,
        family_expires_at -> Timestamptz,
        successor_salt -> Nullable<Bytea>,
        used_at -> Nullable<Timestamptz>,
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
        role -> Varchar,
        token_version -> Int4,
        tokens_valid_from -> Nullable<Timestamptz>,
    }
}

diesel::joinable!(api_keys -> organisations (organisation_id));
diesel::joinable!(api_keys -> users (created_by));
diesel::joinable!(cin_data -> organisations (organisation_id));
diesel::joinable!(cin_data -> users (created_by));
diesel::joinable!(document_images -> organisations (organisation_id));
diesel::joinable!(document_versions -> organisations (organisation_id));
diesel::joinable!(document_versions -> users (replaced_by));
diesel::joinable!(external_identities -> users (user_id));
diesel::joinable!(gris_data -> organisations (organisation_id));
diesel::joinable!(gris_data -> users (created_by));
diesel::joinable!(idempotency_keys -> organisations (organisation_id));
diesel::joinable!(invitations -> organisations (organisation_id));
diesel::joinable!(invitations -> users (created_by));
diesel::joinable!(known_networks -> users (user_id));
diesel::joinable!(permi_data -> organisations (organisation_id));
diesel::joinable!(permi_data -> users (created_by));
diesel::joinable!(record_counts -> organisations (organisation_id));
diesel::joinable!(record_generations -> organisations (organisation_id));
diesel::joinable!(refresh_tokens -> users (user_id));
diesel::joinable!(users -> organisations (organisation_id));

diesel::allow_tables_to_appear_in_same_query!(
    access_changes,
    api_keys,
    audit_entries,
    audit_heads,
    cin_data,
    document_images,
    document_versions,
    external_identities,
    gris_data,
    idempotency_keys,
    invitations,
    known_networks,
    organisations,
    permi_data,
    record_counts,
    record_generations,
    refresh_tokens,
    revoked_tokens,
    users,
);
