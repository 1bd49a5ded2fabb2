UPDATE endpoints SET nat_block = 3 WHERE name = 'client';

INSERT INTO policies ("key", network_key, subnet_key, endpoint_key, position, type, settings) VALUES
(7, NULL, NULL, 5, 0, 'InterfaceConstraint', 'null');

UPDATE endpoints
SET document = REPLACE(document, ',"IpConfigurations"', ',"Policies":[{"Type":"InterfaceConstraint","Settings":null}],"IpConfigurations"')
WHERE name = 'old';
