DROP INDEX gris_data_list_idx;
DROP INDEX permi_data_list_idx;
DROP INDEX cin_data_list_idx;
