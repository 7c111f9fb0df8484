package consumer

import (
	"context"
	"fmt"

	"example.com/consumer/internal/confluence"
)

// Retention says how long records are kept, in words.
func (w *Watcher) Retention(ctx context.Context) (string, error) {
	period, err := w.client.GetRetentionPeriod(ctx)
	if err != nil {
		return "", access(err)
	}
	switch period.Units {
	case confluence.RetentionPeriodUnitsDays:
		return fmt.Sprintf("%d days", period.Number), nil
	case confluence.RetentionPeriodUnitsMonths:
		return fmt.Sprintf("%d months", period.Number), nil
	}
	return fmt.Sprintf("%d of an unknown unit, %s", period.Number, period.Units), nil
}
