UPDATE docker_containers SET summary = '{"Id":"b9bcb01ea7a25e99651ccd194baaab90051d16ea987742d0688be27123287c07"}' WHERE name = 'kept';
