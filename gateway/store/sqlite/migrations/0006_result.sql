-- What the component made of a message: a JSON object, sealed.
ALTER TABLE delivery ADD COLUMN result BLOB NOT NULL DEFAULT x'';
