INSERT INTO hosts ("key", name, number, release, azure_vm, dns_servers, dns_suffix, management_ip_delay, next_compartment, next_nat_mapping, created, started, asked) VALUES
(1, 'default', 0, 'ws2025', false, '["168.63.129.16"]', 'example.internal', 0, 2, 1, 133500000000010000, 133500000000010000, '{"release": "ws2025"}'),
(2, 'node-1', 1, 'ws2019', false, '["168.63.129.16"]', 'example.internal', 0, 2, 0, 133500000000300000, 133500000000300000, '{"release": "ws2019"}');

INSERT INTO namespaces ("key", host_key, id, name, owner, version, schema_major, schema_minor, additional_params, activity_id, created, updated, type, built_in, compartment_id, compartment_guid, allocator_id) VALUES
(1, 1, '9b810e76-6ec9-4286-a3ca-828dd5f4b3b2', '', '', 64424509444, 2, 0, '{}', 'b2221a58-008a-45a6-8464-7159c324c985', 133500000000010000, 133500000000010000, 'HostDefault', true, 1, 'b1062982-2b18-4b4f-b3d5-a78ddb9cdd49', 'e4b06ce6-0741-47a8-bce4-2c8218072e8c'),
(2, 1, '00000021-0000-4000-8000-000000000021', '', '', 64424509444, 2, 0, '{}', 'd77c96c0-084f-4dd6-815a-f341ee52bdb6', 133500000000140000, 133500000000180000, 'Guest', false, 0, '', 'd1020a15-d9ed-47e3-8c0e-95ee8d103ed3'),
(3, 2, 'b1eedaff-cc3d-4506-a17a-4340f9c08fef', '', '', 38654705669, 2, 0, '{}', '861e02ec-3923-4bc0-b36a-947a843fdda7', 133500000000300000, 133500000000300000, 'HostDefault', true, 1, 'b1062982-2b18-4b4f-b3d5-a78ddb9cdd49', 'fa1b1bf1-3879-499b-950e-00978b7199cd');

INSERT INTO policy_lists ("key", host_key, id, name, owner, version, schema_major, schema_minor, additional_params, activity_id, created, updated, kind, network, source_vip, frontend_vips, port_mappings, routes, policies, flags) VALUES
(1, 1, '00000031-0000-4000-8000-000000000031', '', '', 64424509444, 2, 0, '{}', '154ed512-1209-4d26-ac51-2b01f18dd1ee', 133500000000200000, 133500000000200000, 'LoadBalancer', '00000002-0000-4000-8000-000000000002', '10.244.1.2', '["10.96.0.10"]', '[[6, 8080, 80, 0, 0]]', '[]', '[]', 0),
(2, 1, '00000032-0000-4000-8000-000000000032', '', '', 64424509444, 2, 0, '{}', '03ba33db-73f7-4a8e-8445-d656de3a5db5', 133500000000220000, 133500000000220000, 'Route', '00000002-0000-4000-8000-000000000002', '', '[]', '[]', '[["10.96.0.0/12", "10.0.0.10", true, false]]', '[]', 0),
(3, 1, '00000033-0000-4000-8000-000000000033', '', '', 64424509444, 2, 0, '{}', '3fe31d03-47fc-416a-816e-2284c10faa40', 133500000000250000, 133500000000250000, 'LoadBalancer', '00000002-0000-4000-8000-000000000002', '', '["10.96.0.11"]', '[[6, 8443, 443, 0, 0]]', '[]', '[]', 0);

INSERT INTO vswitches ("key", host_key, id, name, kind, family, layer_id, owner_id, parent_id, by_hns, extensions) VALUES
(1, 1, '00000001-0000-4000-8000-000000000001', 'nat', 'Internal', 'nat', '81f9c1f6-6c0f-4459-b79b-17aeefba91fc', '00000001-0000-4000-8000-000000000001', '3099fdf5-ab99-454a-a901-e35cd47d380d', true, '[]'),
(2, 1, '00000002-0000-4000-8000-000000000002', 'pods', 'External', 'overlay', '07923986-bb96-4a43-bd5c-8dfc5eda92d8', '00000002-0000-4000-8000-000000000002', 'b410d93c-4efb-48d6-8b21-fbac78255d68', true, '[]'),
(3, 1, '00000003-0000-4000-8000-000000000003', 'bridge', 'External', 'l2bridge', 'a5f09e63-45dd-487d-a81a-a40a2b0b8c12', '00000003-0000-4000-8000-000000000003', 'b3df44a4-7467-437a-8b63-e0efb62ac1fe', true, '[]'),
(4, 2, 'acc66a57-6518-493d-87db-f924a6048457', 'nat', 'Internal', '', '1391f9b9-dbc7-49b0-921b-28004e6f5a94', 'acc66a57-6518-493d-87db-f924a6048457', '4c41d9c0-f075-44fe-aacc-110e4f73fd94', true, '[]'),
(5, 2, '1959b9ef-58d0-4674-b34d-e73d60c290d0', 'inside', 'Private', '', 'e585552f-ac95-4ab5-92c9-357d34accd78', '00000004-0000-4000-8000-000000000004', '7e0ab2ed-31b1-427e-9766-99cc6ed5d1bf', true, '[]');

INSERT INTO adapters ("key", host_key, position, id, name, mac, address, prefix_length, gateway, wireless, vswitch_key) VALUES
(1, 1, 0, 'cd613e30-d8f1-4adf-91b7-584a2265b1f5', 'Ethernet', '00-15-5D-20-4F-89', '10.127.130.35', 24, '10.127.130.1', false, 2),
(2, 1, 1, 'c2ce6f44-7ed4-457b-9e2f-eb89414c343c', 'Ethernet 2', '00-15-5D-E6-23-B1', '10.127.131.35', 24, '10.127.131.1', false, 3),
(3, 1, 2, 'c9e9c616-612e-4696-a6ce-cc1b78e51061', 'Ethernet 3', '00-15-5D-6B-7F-32', '10.127.132.35', 24, '10.127.132.1', false, NULL),
(4, 2, 0, '39b21c95-0554-45e8-b9bd-dea5d12982e4', 'Ethernet', '00-15-5D-09-25-89', '10.127.130.36', 24, '10.127.130.1', false, NULL),
(5, 2, 1, 'b80599e9-090b-40bb-a57e-845465b675cd', 'Ethernet 2', '00-15-5D-52-09-59', '10.127.131.36', 24, '10.127.131.1', false, NULL),
(6, 2, 2, 'ad9cedde-819d-4ca7-b461-08cc721754ef', 'Ethernet 3', '00-15-5D-DA-73-D6', '10.127.132.36', 24, '10.127.132.1', false, NULL);

INSERT INTO load_balancer_frontends (host_key, vip, protocol, external_port, policy_list_key) VALUES
(1, '10.96.0.10', 6, 80, 1),
(1, '10.96.0.11', 6, 443, 3);

INSERT INTO networks ("key", host_key, id, name, owner, version, schema_major, schema_minor, additional_params, activity_id, created, updated, mode, type_text, flags, ipam_type, dns, adapter_name, vswitch_key, management_ip, management_ip_at, dr_mac, isolation, mac_ranges, mac_cursor, mac_seed, current_endpoints, max_endpoints, total_endpoints) VALUES
(2, 1, '00000001-0000-4000-8000-000000000001', 'nat', '', 64424509444, 2, 0, '{}', 'fe175330-a11d-459a-af97-8d8719999e3f', 133500000000050000, 133500000000050000, 'NAT', 'NAT', 8, 'Static', '{"server_list": ["10.0.0.53"]}', '', 1, '', 133500000000050000, '', 1, '[["00-15-5D-97-C0-00", "00-15-5D-97-CF-FF"]]', 3, 1302957853, 1, 2, 2),
(3, 1, '00000002-0000-4000-8000-000000000002', 'pods', '', 64424509444, 2, 0, '{}', 'c69d4bd8-b3fa-4aa7-a1fa-b9d78c7e134f', 133500000000070000, 133500000000070000, 'Overlay', 'Overlay', 0, 'Static', '{}', '', 2, '10.127.130.35', 133500000000070000, '00-15-5D-C9-58-BB', 0, '[["00-15-5D-BF-D0-00", "00-15-5D-BF-DF-FF"]]', 1, 1690497763, 2, 2, 2),
(4, 1, '00000003-0000-4000-8000-000000000003', 'bridge', '', 64424509444, 2, 0, '{}', '9ff3078f-cc1b-4c3e-9c07-724e44c5b476', 133500000000270000, 133500000000270000, 'L2Bridge', 'L2Bridge', 0, 'Static', '{}', '', 3, '10.127.131.35', 133500000000270000, '', 0, '[["00-15-5D-5E-80-00", "00-15-5D-5E-8F-FF"]]', 1, 1382987043, 1, 1, 1),
(5, 2, 'acc66a57-6518-493d-87db-f924a6048457', 'nat', '', 38654705669, 2, 0, '{}', 'a8ea37f7-523d-4a54-8daa-ac43936aa40c', 133500000000300000, 133500000000300000, 'NAT', 'NAT', 0, 'Static', '{}', '', 4, '', 133500000000300000, '', 0, '[["00-15-5D-DA-40-00", "00-15-5D-DA-4F-FF"]]', 1, 679495568, 0, 0, 0),
(6, 2, '00000004-0000-4000-8000-000000000004', 'inside', '', 38654705669, 2, 0, '{}', '82458cc8-9f7a-4daf-b43a-dc4fc7af3626', 133500000000310000, 133500000000310000, 'Private', 'Private', 0, 'Static', '{}', '', 5, '', 133500000000310000, '', 0, '[["00-15-5D-13-20-00", "00-15-5D-13-2F-FF"]]', 0, 448498595, 0, 0, 0);

INSERT INTO endpoints ("key", host_key, id, name, owner, version, schema_major, schema_minor, additional_params, activity_id, created, updated, network_key, flags, state, mac_address, ip_configurations, dns, routes, encap_overhead, virtual_machine, shared_containers, started, document) VALUES
(1, 1, '00000011-0000-4000-8000-000000000011', 'web', '', 64424509444, 2, 0, '{}', '7589a82b-5a70-4cfa-93ea-5c4ed8f33418', 133500000000090000, 133500000000090000, 2, 0, 1, '00-15-5D-97-CB-36', '[["172.30.0.5", 20, "803468b6-b610-49f7-b927-0f4eb8b333a8"]]', '{"domain": "", "search": ["example.internal"], "server_list": ["10.0.0.53"], "options": []}', '[["172.30.0.1", "0.0.0.0/0", 0]]', 0, '', '[]', 0, '{"ID":"00000011-0000-4000-8000-000000000011","Name":"web","Version":64424509444,"Health":{"Extra":{"Resources":{"AdditionalParams":{},"AllocationOrder":0,"CompartmentOperationTime":0,"Flags":0,"Health":{"LastErrorCode":0,"LastUpdateTime":133500000000090000},"ID":"7589A82B-5A70-4CFA-93EA-5C4ED8F33418","PortOperationTime":0,"State":1,"SwitchOperationTime":0,"VfpOperationTime":0,"parentId":"3099FDF5-AB99-454A-A901-E35CD47D380D"}}},"SchemaVersion":{"Major":2,"Minor":0},"HostComputeNetwork":"00000001-0000-4000-8000-000000000001","Policies":[{"Type":"PortMapping","Settings":{"Protocol":6,"InternalPort":80,"ExternalPort":8080}},{"Type":"ACL","Settings":{"Action":"Allow","Direction":"In","Protocols":"6","LocalPorts":"80","Priority":100,"RuleType":"Switch"}}],"IpConfigurations":[{"IpAddress":"172.30.0.5","PrefixLength":20,"IpSubnetId":"803468b6-b610-49f7-b927-0f4eb8b333a8"}],"Dns":{"Search":["example.internal"],"ServerList":["10.0.0.53"]},"Routes":[{"NextHop":"172.30.0.1","DestinationPrefix":"0.0.0.0/0"}],"MacAddress":"00-15-5D-97-CB-36"}'),
(2, 1, '00000012-0000-4000-8000-000000000012', 'client', '', 64424509444, 2, 0, '{}', '84c81999-2116-4d8f-8f23-cae883333218', 133500000000100000, 133500000000180000, 3, 0, 2, '00-15-5D-BF-D8-94', '[["10.244.1.5", 24, "855c3844-29e8-41a4-8748-03e31ba16215"]]', '{}', '[["10.244.1.1", "0.0.0.0/0", 0]]', 50, '', '["pod-1"]', 133500000000160000, '{"ID":"00000012-0000-4000-8000-000000000012","Name":"client","Version":64424509444,"Health":{"Extra":{"Resources":{"AdditionalParams":{},"AllocationOrder":0,"Allocators":[{"AdapterNetCfgInstanceId":"{3328AD08-8DED-4C96-91EB-79FA5D5F576C}","AdditionalParams":{},"AllocationOrder":0,"CompartmendId":0,"Connected":true,"DNSFirewallRules":true,"DeviceInstanceID":"","DevicelessNic":true,"DhcpDisabled":true,"EndpointNicGuid":"DEB8FC4C-7B29-4D0B-8E5E-18BAF320CD57","EndpointPortGuid":"6D14475B-349A-4E90-8FB5-262CC7038069","Flags":0,"Health":{"LastErrorCode":0,"LastUpdateTime":133500000000160000},"ID":"7C240D49-69D4-45DD-8135-5C53F0E642F4","InterfaceGuid":"3328AD08-8DED-4C96-91EB-79FA5D5F576C","IsPolicy":false,"IsolationId":0,"MacAddress":"00-15-5D-BF-D8-94","ManagementPort":false,"NcfHidden":false,"NicFriendlyName":"","NlmHidden":true,"PreferredPortFriendlyName":"00000012-0000-4000-8000-000000000012","State":3,"SwitchId":"00000002-0000-4000-8000-000000000002","Tag":"Endpoint Port","VmPort":false,"WaitForIpv6Interface":false,"nonPersistentPort":false},{"AdditionalParams":{},"AllocationOrder":1,"Flags":0,"Health":{"LastErrorCode":0,"LastUpdateTime":133500000000160000},"ID":"DEB8FC4C-7B29-4D0B-8E5E-18BAF320CD57","IsPolicy":true,"Rules":[{"Action":"Allow","Direction":"In","Priority":65500,"Type":"ACL"},{"Action":"Allow","Direction":"Out","Priority":65500,"Type":"ACL"}],"State":3,"Tag":"ACL Policy"}],"CompartmentOperationTime":0,"Flags":0,"Health":{"LastErrorCode":0,"LastUpdateTime":133500000000100000},"ID":"84C81999-2116-4D8F-8F23-CAE883333218","PortOperationTime":0,"State":1,"SwitchOperationTime":0,"VfpOperationTime":0,"parentId":"B410D93C-4EFB-48D6-8B21-FBAC78255D68"},"SharedContainers":["pod-1"]}},"SchemaVersion":{"Major":2,"Minor":0},"HostComputeNetwork":"00000002-0000-4000-8000-000000000002","HostComputeNamespace":"00000021-0000-4000-8000-000000000021","Policies":[{"Type":"OutBoundNAT","Settings":{"Exceptions":["10.244.0.0/16","10.96.0.0/12"]}}],"IpConfigurations":[{"IpAddress":"10.244.1.5","PrefixLength":24,"IpSubnetId":"855c3844-29e8-41a4-8748-03e31ba16215"}],"Routes":[{"NextHop":"10.244.1.1","DestinationPrefix":"0.0.0.0/0"}],"MacAddress":"00-15-5D-BF-D8-94"}'),
(3, 1, '00000013-0000-4000-8000-000000000013', 'elsewhere', '', 64424509444, 2, 0, '{}', '58989008-6a17-49af-9b56-9643d037cdff', 133500000000110000, 133500000000110000, 3, 1, 1, '02-11-0A-F4-02-07', '[["10.244.2.7", 32, ""]]', '{}', '[]', 50, '', '[]', 0, '{"ID":"00000013-0000-4000-8000-000000000013","Name":"elsewhere","Version":64424509444,"Health":{"Extra":{"Resources":{"AdditionalParams":{},"AllocationOrder":0,"CompartmentOperationTime":0,"Flags":0,"Health":{"LastErrorCode":0,"LastUpdateTime":133500000000110000},"ID":"58989008-6A17-49AF-9B56-9643D037CDFF","PortOperationTime":0,"State":1,"SwitchOperationTime":0,"VfpOperationTime":0,"parentId":"B410D93C-4EFB-48D6-8B21-FBAC78255D68"}}},"SchemaVersion":{"Major":2,"Minor":0},"HostComputeNetwork":"00000002-0000-4000-8000-000000000002","Policies":[{"Type":"ProviderAddress","Settings":{"ProviderAddress":"10.127.130.36"}}],"IpConfigurations":[{"IpAddress":"10.244.2.7","PrefixLength":32}],"MacAddress":"02-11-0A-F4-02-07","Flags":1}'),
(5, 1, '00000015-0000-4000-8000-000000000015', 'old', '', 64424509444, 2, 0, '{}', '4fdf8e1a-060c-4a63-9d3b-993f79490eab', 133500000000290000, 133500000000290000, 4, 0, 1, '00-15-5D-5E-80-9B', '[["10.22.0.7", 16, "f3b37f32-8702-46c4-8155-d7ef28dd37eb"]]', '{}', '[["10.22.0.1", "0.0.0.0/0", 0]]', 50, '', '[]', 0, '{"ID":"00000015-0000-4000-8000-000000000015","Name":"old","Version":64424509444,"Health":{"Extra":{"Resources":{"AdditionalParams":{},"AllocationOrder":0,"CompartmentOperationTime":0,"Flags":0,"Health":{"LastErrorCode":0,"LastUpdateTime":133500000000290000},"ID":"4FDF8E1A-060C-4A63-9D3B-993F79490EAB","PortOperationTime":0,"State":1,"SwitchOperationTime":0,"VfpOperationTime":0,"parentId":"B3DF44A4-7467-437A-8B63-E0EFB62AC1FE"}}},"SchemaVersion":{"Major":2,"Minor":0},"HostComputeNetwork":"00000003-0000-4000-8000-000000000003","IpConfigurations":[{"IpAddress":"10.22.0.7","PrefixLength":16,"IpSubnetId":"f3b37f32-8702-46c4-8155-d7ef28dd37eb"}],"Routes":[{"NextHop":"10.22.0.1","DestinationPrefix":"0.0.0.0/0"}],"MacAddress":"00-15-5D-5E-80-9B"}');

INSERT INTO ip_allocations (network_key, remote, address, ip_subnet_key, endpoint_key, released) VALUES
(2, false, 'ac1e0005', 1, 1, NULL),
(2, false, 'ac1e0009', 1, NULL, 133500000000130000),
(3, false, '0af40105', 2, 2, NULL),
(3, true, '0af40207', NULL, 3, NULL),
(4, false, '0a160007', 3, 5, NULL);

INSERT INTO mac_allocations (network_key, mac, endpoint_key, released) VALUES
(2, 91764541714, NULL, NULL),
(2, 91764542262, 1, NULL),
(2, 91764543110, NULL, 133500000000130000),
(3, 91767167124, 2, NULL),
(4, 91760787611, 5, NULL),
(5, 91768899048, NULL, NULL);

INSERT INTO nat_instances (network_key, engine, allocator_id, interface_id, subnet_address, gateway, prefix_length) VALUES
(2, 'WinNAT', '5dfbd3d1-2c4a-4698-aa2c-a1af6a107b75', '7af027bc-08d6-4f57-9a71-144896c8da19', '172.30.0.0', '172.30.0.1', 20),
(5, 'ICS', 'f9495568-deb0-4066-9e26-e655d3f21dcc', 'f652d008-37b4-400b-91c5-1f86973082d6', '172.16.0.0', '172.16.0.1', 16);

INSERT INTO subnets ("key", network_key, id, prefix, gateway, routes, flags) VALUES
(1, 2, 'e5446dd4-552b-42f6-be3e-dc0a1ef2a4f0', '172.30.0.0/20', '172.30.0.1', '[{"next_hop": "172.30.0.1", "destination_prefix": "0.0.0.0/0", "metric": 0}]', 0),
(2, 3, '82283d15-a9ec-4806-b05f-ca161622bd79', '10.244.1.0/24', '10.244.1.1', '[{"next_hop": "10.244.1.1", "destination_prefix": "0.0.0.0/0", "metric": 0}]', 0),
(3, 4, '2adf559a-11cb-4288-8a50-12dc582c18c9', '10.22.0.0/16', '10.22.0.1', '[{"next_hop": "10.22.0.1", "destination_prefix": "0.0.0.0/0", "metric": 0}]', 0),
(4, 5, '202cc828-4c71-4095-bcc9-9ae80f0c8a89', '172.16.0.0/16', '172.16.0.1', '[{"next_hop": "172.16.0.1", "destination_prefix": "0.0.0.0/0", "metric": 0}]', 0);

INSERT INTO ip_subnets ("key", subnet_key, id, prefix, flags, cursor, seed) VALUES
(1, 1, '803468b6-b610-49f7-b927-0f4eb8b333a8', '172.30.0.0/20', 3, 0, 1220455187),
(2, 2, '855c3844-29e8-41a4-8748-03e31ba16215', '10.244.1.0/24', 3, 0, 731644238),
(3, 3, 'f3b37f32-8702-46c4-8155-d7ef28dd37eb', '10.22.0.0/16', 3, 0, 2132424030),
(4, 4, '0c250a03-e023-433d-b64e-433ff7c882f4', '172.16.0.0/16', 3, 0, 1787446255);

INSERT INTO namespace_resources ("key", namespace_key, endpoint_key, container_id) VALUES
(1, 2, 2, NULL),
(2, 2, NULL, 'pod-1');

INSERT INTO nat_rules ("key", host_key, endpoint_key, engine, mapping_id, protocol, ipv6, vip, external_port, internal_address, internal_port) VALUES
(1, 1, 1, 'WinNAT', 0, 6, false, '', 8080, '172.30.0.5', 80);

INSERT INTO policies ("key", network_key, subnet_key, endpoint_key, position, type, settings) VALUES
(1, NULL, 2, NULL, 0, 'VSID', '{"IsolationId":4096}'),
(2, 3, NULL, NULL, 0, 'RemoteSubnetRoute', '{"DestinationPrefix":"10.244.2.0/24","IsolationId":4096,"ProviderAddress":"10.127.130.36","DistributedRouterMacAddress":"00-15-5d-11-22-33"}'),
(3, NULL, NULL, 1, 0, 'PortMapping', '{"Protocol":6,"InternalPort":80,"ExternalPort":8080}'),
(4, NULL, NULL, 1, 1, 'ACL', '{"Action":"Allow","Direction":"In","Protocols":"6","LocalPorts":"80","Priority":100,"RuleType":"Switch"}'),
(5, NULL, NULL, 2, 0, 'OutBoundNAT', '{"Exceptions":["10.244.0.0/16","10.96.0.0/12"]}'),
(6, NULL, NULL, 3, 0, 'ProviderAddress', '{"ProviderAddress":"10.127.130.36"}');

INSERT INTO policy_list_references (policy_list_key, position, reference, endpoint_key) VALUES
(1, 0, '00000013-0000-4000-8000-000000000013', 3),
(2, 0, '00000012-0000-4000-8000-000000000012', 2),
(3, 0, '00000013-0000-4000-8000-000000000013', 3);

INSERT INTO vswitch_ports ("key", vswitch_key, network_key, endpoint_key, kind, port_id, nic_id, interface_id, allocator_id, friendly_name, mac, isolation, compartment, connected) VALUES
(1, 1, 2, NULL, 'HostVnic', '00000001-0000-4000-8000-000000000001', '00000001-0000-4000-8000-000000000001', '7af027bc-08d6-4f57-9a71-144896c8da19', '677f6cbd-cc22-4f58-be65-21cc3e2434e3', 'nat', '00-15-5D-97-C9-12', 1, 0, true),
(2, 2, 3, NULL, 'RDID', 'fb695ffb-3a18-40c7-8092-b4d42b28fef0', '8a245e6b-3313-4131-8541-013d0326324d', '3b6fe507-8c5f-48f8-9c3b-f364eb8ac8ce', 'f3d4e711-5804-4922-8386-8a29678a5aa3', '', '00-15-5D-C9-58-BB', 0, 0, true),
(3, 1, 2, 1, 'Endpoint', '8c497c68-a8c2-4d42-84ef-7febe8e5b461', '01762741-bab9-487f-b505-92859be3cecb', 'd20b5d59-db61-4487-889d-a11b62397bc7', 'bd91a1b7-f03e-4ca7-a2dc-aa37f463b337', '', '00-15-5D-97-CB-36', 1, 0, false),
(4, 2, 3, 2, 'Endpoint', '6d14475b-349a-4e90-8fb5-262cc7038069', 'deb8fc4c-7b29-4d0b-8e5e-18baf320cd57', '3328ad08-8ded-4c96-91eb-79fa5d5f576c', '7c240d49-69d4-45dd-8135-5c53f0e642f4', '', '00-15-5D-BF-D8-94', 0, 0, true),
(5, 3, 4, 5, 'Endpoint', 'cbd3f5e0-6bc1-4385-97e5-4acc62f5680c', '40e2a20a-1bd7-4e73-8227-de213023580c', 'fa0b8518-8296-45ea-baeb-41a5e65a8149', '6e80fa48-9b0b-4a16-b72f-2bb83586fca7', '', '00-15-5D-5E-80-9B', 0, 0, false),
(6, 4, 5, NULL, 'HostVnic', 'acc66a57-6518-493d-87db-f924a6048457', 'acc66a57-6518-493d-87db-f924a6048457', 'f652d008-37b4-400b-91c5-1f86973082d6', '2be88b46-75fa-4dd8-91fd-e85ce69bae29', 'nat', '00-15-5D-DA-45-E8', 0, 0, true);
