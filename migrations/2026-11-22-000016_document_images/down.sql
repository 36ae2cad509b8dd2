DROP TABLE document_images;
