UPDATE policy_lists SET number = 77;
UPDATE vswitch_ports SET number = 88 WHERE network_key IS NOT NULL;
