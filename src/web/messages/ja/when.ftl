### Spans of time.

seconds = { $count }秒

minutes = { $count }分

hours = { $count }時間

days = { $count }日

together = { $greater }{ $lesser }

just-now = たった今

span-ago = { $span }前
