INSERT INTO clock ("key", version, "offset", frozen_at) VALUES (1, 3, 0, 134000000000000000);
