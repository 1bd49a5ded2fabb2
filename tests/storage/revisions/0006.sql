INSERT INTO endpoint_counters (endpoint_key, bytes_received, bytes_sent, packets_received, packets_sent, dropped_packets_incoming, dropped_packets_outgoing) VALUES
(2, 0, 60, 0, 1, 0, 0);

INSERT INTO rule_counters ("key", host_key, endpoint_key, port_id, layer, group_id, rule, matched, dropped) VALUES
(1, 1, 2, '6d14475b-349a-4e90-8fb5-262cc7038069', 'ACL_ENDPOINT_LAYER', 'ACL_ENDPOINT_GROUP_IPV4_OUT', '2BFF8E88-41CE-5F9C-9838-00A62821E343', 1, 0),
(2, 1, 2, '6d14475b-349a-4e90-8fb5-262cc7038069', 'VNET_ENCAP_LAYER', 'VNET_GROUP_ENCAP_IPV4_OUT', '10.96.0.0/12', 1, 0),
(3, 1, 2, '6d14475b-349a-4e90-8fb5-262cc7038069', 'VNET_PA_ROUTE_LAYER', 'VNET_GROUP_PA_ROUTE_IPV4_OUT', 'PA_ROUTE', 1, 0);
