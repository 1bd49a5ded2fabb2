UPDATE adapters SET address6 = 'fd00:10::4', prefix_length6 = 64, gateway6 = 'fd00:10::1' WHERE address = '10.127.130.36';
