UPDATE hosts SET versions = '{"hns": [9, 3], "build": 17764}', extensions = '[{"id": "583cc151-73ec-4a6a-8b47-578297ad7623", "name": "Open vSwitch Extension", "enabled": false}]' WHERE name = 'node-1';
UPDATE networks SET dns_compartment = 4 WHERE name = 'pods';
