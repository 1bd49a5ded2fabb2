INSERT INTO accelnet_macs (host_key, position, mac) VALUES
(1, 0, '00-15-5D-0A-B7-C6');
