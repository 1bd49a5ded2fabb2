UPDATE networks SET from_hcn = true WHERE name = 'pods';
