($viewer IS NULL OR n.viewer = $viewer OR n.viewer STARTS WITH $viewer + ' ')
AND ($since IS NULL OR n.day >= $since)
AND ($until IS NULL OR n.day <= $until)
