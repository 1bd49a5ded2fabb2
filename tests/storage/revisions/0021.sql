UPDATE docker_containers SET inherited = '[{"type":"volume","name":"data","source":"C:\\ProgramData\\docker\\volumes\\data\\_data","target":"c:\\data","is_writable":true,"is_anonymous":false}]' WHERE name = 'kept';
UPDATE docker_images SET last_tagged = 133500000000000000;
