// The page of a session that is being worked on looks again by itself. Without script there is the link "Look again".
setTimeout(() => location.reload(), 15000);
