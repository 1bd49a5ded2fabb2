INSERT INTO snapshots ("key", host_key, name, created, networks, endpoints, state) VALUES
(1, 1, 'kept', 133500000000000000, 0, 0, '{"format":1,"host":{"release":"ws2022"}}');
