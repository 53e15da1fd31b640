### Whether it was blocked or went through.

fate = ブロックの有無
was-blocked = ブロック済み
went-through = 通過
fate-unknown = 不明

fate-mixed = 一部のみ（ブロック{ $blocked }件、通過{ $through }件）

blocked-clause = ブラウザーによってブロックされ
through-clause = レポートのみのポリシーのためブロックされずに通過し
mixed-clause = 一部だけがブロックされ
unknown-clause = ブロックされたかどうか不明で
blocked-last-clause = ブラウザーによってブロックされました
through-last-clause = レポートのみのポリシーのためブロックされずに通過しました
mixed-last-clause = 一部だけがブロックされました
unknown-last-clause = ブロックされたかどうか不明です

clause-at-all = { $count ->
    [1] { $clause }
   *[other] { $count }加盟店すべてで、{ $clause }
}

clause-at-some = { $count }加盟店では{ $clause }

clause-at-others = { $before }、{ $count }加盟店では{ $clause }

fates-sentence = この通信は、{ $clauses }。
