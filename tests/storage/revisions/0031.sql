INSERT INTO docker_files (container_key, path, kind, content, modified, read_only, target) SELECT "key", '\app.log', 'file', 'cmVhZHk=', 133500000000000000, FALSE, '' FROM docker_containers;
