package limits

// thread are the fields of a new thread.
func thread() fields {
	return fields{
		"!name": text(1, 100), "auto_archive_duration": number(60, 1440, 4320, 10080),
		"rate_limit_per_user": integer(0, 21600), "type": number(10, 11, 12), "invitable": boolean,
	}
}

// Thread says what is wrong with a new thread.
func Thread(body map[string]any) *Error {
	m := &mistakes{}
	thread().check(m, "", body)
	return m.refusal()
}

// ForumPost says what is wrong with a new post of a forum, which comes with a number of files.
func ForumPost(body map[string]any, files int) *Error {
	m := &mistakes{}
	shape := thread()
	shape["!message"] = fields{}.check
	shape["applied_tags"] = list(0, 5, snowflake)
	shape.check(m, "", body)
	if refused := m.refusal(); refused != nil {
		return refused
	}
	refused := Message(object(body["message"]), files)
	if refused != nil && refused.Errors != nil {
		refused.Errors = map[string]any{"message": refused.Errors}
	}
	return refused
}

// ChannelChange says what is wrong with a change of a channel or a thread.
func ChannelChange(body map[string]any) *Error {
	m := &mistakes{}
	fields{
		"name": text(1, 100), "archived": boolean, "locked": boolean, "topic": text(0, 4096),
		"auto_archive_duration": number(60, 1440, 4320, 10080), "applied_tags": list(0, 5, snowflake),
	}.check(m, "", body)
	return m.refusal()
}
