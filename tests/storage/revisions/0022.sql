UPDATE networks SET current_endpoints = 0 WHERE name = 'pods';
