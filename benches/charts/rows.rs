//! Records of people and vehicles that do not exist.

use diesel::PgConnection;
use diesel::connection::SimpleConnection;

/// Rows that one statement inserts.
const BATCH: u32 = 50_000;

/// Gives the organisation of the service's user records of each kind, until there are
/// `rows` where there were `from`.
pub(crate) fn fill(connection: &mut PgConnection, from: u32, rows: u32) -> diesel::QueryResult<()> {
    let mut begin = from;
    while begin < rows {
        let end = (begin + BATCH).min(rows);
        let numbers = format!("generate_series({}, {end}) AS n", begin + 1);
        connection.batch_execute(&format!(
            "INSERT INTO cin_data (cin, nom_fr, prenom_fr, lieu_fr, adresse_fr, sexe, town,
                confidence, created_at, organisation_id)
             SELECT 'ZZ' || n, 'SPECIMEN', 'FICTIF', 'RABAT', 'RUE EXEMPLE ' || n,
                (ARRAY['M', 'F'])[1 + n % 2], 'TOWN ' || n % 100, 0.97,
                now() - interval '1 minute' * (n % 1500000), 2 FROM {numbers};
             INSERT INTO permi_data (numero_permis, nom_fr, categorie, confidence, created_at,
                organisation_id)
             SELECT n || '/1', 'SPECIMEN', (ARRAY['A', 'B', 'C', 'D', 'E(B)'])[1 + n % 5], 0.97,
                now() - interval '1 minute' * (n % 1500000), 2 FROM {numbers};
             INSERT INTO gris_data (numero_matricule_marocain, marque, usage_type,
                date_premiere_immatriculation, confidence, created_at, organisation_id)
             SELECT n || ' أ 1', 'EXEMPLE', (ARRAY['Particulier', 'Transport en commun'])[1 + n % 2],
                date '1996-01-01' + n % 11000, 0.97,
                now() - interval '1 minute' * (n % 1500000), 2 FROM {numbers}"
        ))?;
        begin = end;
    }
    connection.batch_execute("VACUUM ANALYZE cin_data")?;
    connection.batch_execute("VACUUM ANALYZE permi_data")?;
    connection.batch_execute("VACUUM ANALYZE gris_data")?;
    connection.batch_execute("VACUUM ANALYZE record_counts")
}

/// The statement that inserts one more identity card.
pub(crate) fn one(number: usize) -> String {
    format!(
        "INSERT INTO cin_data (cin, nom_fr, lieu_fr, sexe, town, confidence, organisation_id)
         VALUES ('ONE{number}', 'SPECIMEN', 'RABAT', 'F', 'RABAT', 0.97, 2)"
    )
}
