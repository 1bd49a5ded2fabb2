INSERT INTO guest_network_services ("key", host_key, id, name, owner, version, schema_major, schema_minor, additional_params, activity_id, created, updated, state, virtual_machine_id, mirrors_host, rpc, flags) VALUES
(1, 1, '00000041-0000-4000-8000-000000000041', '', '', 64424509444, 2, 0, '{}', '4bcb6b22-63db-41fc-aa7c-314bf01dbf29', 133500000000350000, 133500000000350000, 'Created', '00000042-0000-4000-8000-000000000042', false, '{}', 0);

INSERT INTO port_reservations ("key", host_key, id, service_key, protocol, access, start_port, end_port, lease, expires) VALUES
(1, 1, '00000043-0000-4000-8000-000000000043', 1, 1, 1, 8443, 8443, 0, 0);

INSERT INTO mirrored_interfaces ("key", service_key, endpoint_key, interface_guid, state, missed) VALUES
(1, 1, 1, '', 'Created', 0);
