UPDATE calls SET sure_until = 1795000000;
