UPDATE endpoints SET nat_block = 3 WHERE name = 'client';
