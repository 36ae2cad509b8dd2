-- A list reads an organisation's rows by id, some hundred at a time: without an index each
-- of these queries would read and sort all of them, or pass over the rows of others.

CREATE INDEX cin_data_list_idx ON cin_data (organisation_id, id);
CREATE INDEX permi_data_list_idx ON permi_data (organisation_id, id);
CREATE INDEX gris_data_list_idx ON gris_data (organisation_id, id);
